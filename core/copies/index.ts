export * from "./copied-tables.ts";
export * from "./copy-rows.ts";
export * from "./copy-tables.ts";
export * from "./load-table.ts";
export * from "./log-holds.ts";
export * from "./manifest.ts";
export * from "./row-file.ts";
