export * from "./config.ts";
export * from "./ledger/ledger-processor.ts";
export * from "./main.ts";
export * from "./replay/replay.ts";
export * from "./verify/verify.ts";
