/** Tells whoever watches how far a job is. */

import { jobChangedCodec, topics } from "@tillcast/schemas";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logging.ts";
import type { ChangeLog } from "../changes/say-changes.ts";
import type { Job } from "./job-rows.ts";

/**
 * Tells of a job's change at once. A change of its state is told again by the publisher of changes, which reads
 * the job's row; progress that gets lost is followed by the next.
 */
export function announceJob(
  deps: { readonly eventLog: ChangeLog; readonly clock: Clock; readonly log: Logger },
  job: Job,
): void {
  const value = encodeJobChanged(job, deps.clock.now());
  deps.eventLog.append(topics.jobs.topic, [{ key: job.jobId, value }]).catch((error: unknown) => {
    deps.log.warn({ err: error, jobId: job.jobId }, "job change not announced; told later");
  });
}

/** The record that tells how a job stands. */
export function encodeJobChanged(job: Job, changedAt: number): Buffer {
  const { jobId, tenantId, kind, state, progress, message } = job;
  return jobChangedCodec.encode({ jobId, tenantId, kind, state, progress, message, changedAt });
}
