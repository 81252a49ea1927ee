export { announceJob } from "./jobs/announce-job.ts";
export { enqueueJob, findJob, type Job, listJobs, type NewJob } from "./jobs/job-table.ts";
export { type JobContext, type JobHandler, type JobRunner, runJobs } from "./jobs/run-jobs.ts";
export { makeLead } from "./lead.ts";
export { runOutbox } from "./outbox/outbox.ts";
export { type Polling, startPolling } from "./polling.ts";
