export { streamProcessorSettings } from "./config.ts";
export { factsOf, loadFeedRows } from "./feeds/feed-rows.ts";
export type { FeedFacts } from "./feeds/feed-state.ts";
export { type ProcessorDeps, startLedgerProcessor } from "./ledger/ledger-processor.ts";
export { startStreamProcessors } from "./main.ts";
