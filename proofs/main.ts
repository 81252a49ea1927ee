import { openScope } from "@tillcast/core";
import { announceJob, runJobs } from "@tillcast/core/work";
import type { ProofsDeps } from "./deps.ts";
import { refoldKind } from "./refold/refold-job.ts";
import { startWatch } from "./watch/start-watch.ts";

/** Starts the watch over orders, and the job that refolds older heads on request. */
export function startProofs(deps: ProofsDeps): { stop(): Promise<void> } {
  const scope = openScope();
  const jobs = runJobs({
    pool: deps.database.service,
    kinds: [refoldKind(deps)],
    log: deps.log,
    onChange: (job) => announceJob(deps, job),
  });
  scope.defer(() => jobs.stop());
  const watch = startWatch(deps);
  scope.defer(() => watch.stop());
  return { stop: () => scope.close() };
}
