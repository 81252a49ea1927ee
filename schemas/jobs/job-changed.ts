import { z } from "zod";
import { double, growing, instantMs, named } from "../avro/annotations.ts";
import { type AvroCodec, makeAvroCodec } from "../avro/codec.ts";

export const jobStates = ["queued", "running", "done", "failed"] as const;
export type JobState = (typeof jobStates)[number];

/** A visible piece of long work, as it stands now. */
export const JobChangedV1 = named(
  "JobChangedV1",
  z.object({
    jobId: z.string(),
    /** Null for work of the whole installation. */
    tenantId: z.string().nullable(),
    kind: z.string(),
    state: growing("JobState", z.enum(jobStates), "running"),
    /** 0 to 1. */
    progress: double,
    message: z.string(),
    changedAt: instantMs,
  }),
);
export type JobChanged = z.output<typeof JobChangedV1>;

export const jobChangedCodec: AvroCodec<JobChanged> = makeAvroCodec(JobChangedV1, {
  frozen: "job-changed-v1",
});
