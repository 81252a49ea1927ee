export { announceJob } from "./jobs/announce-job.ts";
export type { JobContext, JobHandler, JobKind } from "./jobs/job-kind.ts";
export { enqueueJob, findJob, type Job, listJobs, type NewJob } from "./jobs/job-rows.ts";
export { type JobRunner, runJobs } from "./jobs/run-jobs.ts";
export { makeLead } from "./lead.ts";
export { runOutbox } from "./outbox/outbox.ts";
export { type Polling, startPolling } from "./polling.ts";
