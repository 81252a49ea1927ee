/** What the web app may import: types and pure arithmetic; nothing here pulls zod or I/O into a bundle. */
export * from "./business-time/index.ts";
export * from "./feeds/store-freshness.ts";
export * from "./forecasts/days-known.ts";
export * from "./forecasts/expectation.ts";
export * from "./forecasts/landing.ts";
export type { components, operations, paths } from "./generated/api.ts";
export type * from "./live/live-messages.ts";
export * from "./money/index.ts";
export type * from "./rest/jobs.ts";
export type * from "./rest/rest.ts";
