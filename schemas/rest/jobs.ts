import { z } from "zod";

const instant = z.iso.datetime({ offset: true });

/** A job as REST shows it. */
export const JobView = z.object({
  jobId: z.string(),
  kind: z.string(),
  state: z.enum(["queued", "running", "done", "failed"]),
  progress: z.number(),
  message: z.string(),
  /** Why the last attempt failed. */
  error: z.string().nullable(),
  /** Attempts so far; one that a restart interrupted does not count. */
  attempts: z.int(),
  /**
   * How it ended: refused where trying again would change nothing, gave_up after its last attempt, lost with the
   * processes that ran it. Null before the end.
   */
  outcome: z.enum(["done", "refused", "gave_up", "lost"]).nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export const JobRequest = z.strictObject({ kind: z.string().max(100) });
export const JobList = z.object({ jobs: z.array(JobView) });

export type JobView = z.output<typeof JobView>;
