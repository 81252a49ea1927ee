export type { PushedOrders } from "./accept/accept-orders.ts";
export * from "./config.ts";
export { findProfile, listProfiles } from "./import/find-profile.ts";
export * from "./import/import-files.ts";
export type { ImportProfile, RowFault } from "./import/import-profile.ts";
export { waitUntilSettled } from "./import/wait-until-settled.ts";
export { createInbox, type InboxTopic, listInboxes } from "./inbox/inbox-topics.ts";
export * from "./main.ts";
export * from "./simulator/index.ts";
