export * from "./config.ts";
export * from "./ledger/ledger-processor.ts";
