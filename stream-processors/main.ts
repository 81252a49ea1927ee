import { announceJob, openScope, runJobs } from "@tillcast/core";
import { startFeedWatcher } from "./feeds/feed-watcher.ts";
import { type ProcessorDeps, startLedgerProcessor } from "./ledger/ledger-processor.ts";
import { refoldJobHandler, refoldJobKind } from "./refold/refold-job.ts";
import { startWatch } from "./watch/start-watch.ts";

/**
 * Starts the ledger processor, the refolding of older heads when asked, and the watches over feeds and
 * orders; `stop` ends intake, then what is in flight.
 */
export async function startStreamProcessors(
  deps: ProcessorDeps,
): Promise<{ stop(): Promise<void> }> {
  const scope = openScope();
  const processor = await startLedgerProcessor(deps);
  scope.defer(() => processor.stop());
  const jobs = runJobs({
    pool: deps.database.service,
    kinds: { [refoldJobKind]: refoldJobHandler(deps) },
    log: deps.log,
    onChange: (job) => announceJob(deps, job),
  });
  scope.defer(() => jobs.stop());
  const watcher = startFeedWatcher(deps);
  scope.defer(() => watcher.stop());
  const watch = startWatch(deps);
  scope.defer(() => watch.stop());
  return { stop: () => scope.close() };
}
