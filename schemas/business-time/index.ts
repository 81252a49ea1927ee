export * from "./business-date.ts";
export * from "./dates.ts";
export * from "./local-time.ts";
export * from "./offset.ts";
export * from "./windows.ts";
export * from "./zone.ts";
export * from "./zone-history.ts";
