/** Tells whoever watches how far a job is. */

import { jobChangedCodec, topics } from "@tillcast/schemas";
import type { Clock } from "../../clock.ts";
import type { Logger } from "../../logging.ts";
import type { Job } from "./job-rows.ts";

/** The part of an event log that tells of jobs. */
export interface JobTopic {
  append(
    topic: string,
    records: readonly { readonly key: string; readonly value: Buffer }[],
  ): Promise<unknown>;
}

/** Publishes a job's change; a lost one is followed by the next, and the row is the truth. */
export function announceJob(
  deps: { readonly eventLog: JobTopic; readonly clock: Clock; readonly log: Logger },
  job: Job,
): void {
  const { jobId, tenantId, kind, state, progress, message } = job;
  const changedAt = deps.clock.now();
  const value = jobChangedCodec.encode({
    jobId,
    tenantId,
    kind,
    state,
    progress,
    message,
    changedAt,
  });
  deps.eventLog.append(topics.jobs.topic, [{ key: jobId, value }]).catch((error: unknown) => {
    deps.log.warn({ err: error, jobId }, "job change not announced");
  });
}
