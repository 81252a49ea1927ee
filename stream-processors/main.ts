import { openScope } from "@tillcast/core";
import { startFeedWatcher } from "./feeds/feed-watcher.ts";
import { type ProcessorDeps, startLedgerProcessor } from "./ledger/ledger-processor.ts";

/** Starts the ledger processor and the watch over feeds; `stop` ends intake, then what is in flight. */
export async function startStreamProcessors(
  deps: ProcessorDeps,
): Promise<{ stop(): Promise<void> }> {
  const scope = openScope();
  const processor = await startLedgerProcessor(deps);
  scope.defer(() => processor.stop());
  const watcher = startFeedWatcher(deps);
  scope.defer(() => watcher.stop());
  return { stop: () => scope.close() };
}
