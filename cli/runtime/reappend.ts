import type { Scope } from "@tillcast/core";
import type { Job } from "@tillcast/core/work";
import type { Pool } from "pg";
import type { ActionContext } from "../run-action.ts";
import { keepCounting } from "./counting.ts";
import { jobEnded, jobPhrase } from "./follow-job.ts";
import type { Installation } from "./installation.ts";
import { openIntake } from "./intake.ts";
import { runUnlessServed } from "./unless-served.ts";

/** Sees to it that a feed's orders are appended again and counted: by the server, or for as long as this runs. */
export async function keepReappending(scope: Scope, installation: Installation): Promise<void> {
  await keepCounting(scope, installation);
  await runUnlessServed(scope, installation, "ingest", async () => {
    const part = scope.child();
    await openIntake(part, installation);
    return { stop: () => part.close() };
  });
}

/** Follows such a job to its end. */
export function followReappend(
  pool: Pool,
  job: Job,
  { signal, progress }: Pick<ActionContext, "signal" | "progress">,
): Promise<Job> {
  return jobEnded(pool, job, signal, (state) => progress.update(state.progress, jobPhrase(state)));
}
