export * from "./currencies.ts";
export * from "./decimal.ts";
export * from "./format.ts";
export * from "./limits.ts";
export * from "./parse-minor.ts";
export * from "./round.ts";
export * from "./split.ts";
