/** What the web app may import: types and pure arithmetic; nothing here pulls zod or I/O into a bundle. */
export type * from "./live/live-messages.ts";
export type * from "./rest/rest.ts";
