export { isEven } from "./balance/balance.ts";
export { beginTally } from "./balance/begin-tally.ts";
export { type Balance, loadBalance } from "./balance/load-balance.ts";
export * from "./config.ts";
export * from "./ledger/ledger-processor.ts";
export * from "./main.ts";
export * from "./replay/replay.ts";
export * from "./verify/verify.ts";
export { type Look, takeLook } from "./watch/take-look.ts";
