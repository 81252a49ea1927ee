import { setTimeout as pause } from "node:timers/promises";
import { findJob, type Job } from "@tillcast/core/work";
import type { Pool } from "pg";

/** How often a job's row is looked at. */
const lookEveryMs = 200;

/** Follows a job until it is done or has failed for good. */
export async function jobEnded(
  pool: Pool,
  { jobId }: Job,
  signal: AbortSignal,
  onChange: (job: Job) => void,
): Promise<Job> {
  for (;;) {
    const job = await findJob(pool, jobId);
    if (job === undefined) throw new Error(`job ${jobId} is gone`);
    onChange(job);
    if (job.state === "done" || job.state === "failed") return job;
    await pause(lookEveryMs, undefined, { signal });
  }
}

/** Where a job stands, for people. */
export function jobPhrase({ kind, state, message, error }: Job): string {
  if (state === "queued") return `${kind} waits${error === null ? "" : ` after: ${error}`}`;
  if (state === "failed") return `failed: ${error ?? "unknown"}`;
  return message === "" ? state : message;
}
