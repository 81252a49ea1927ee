export { recordChanges } from "./changes/change-rows.ts";
export { publishChanges } from "./changes/publish-changes.ts";
export { sayAtOnce } from "./changes/say-changes.ts";
export { mailChannel } from "./deliveries/mail-channel.ts";
export { runDeliveries } from "./deliveries/run-deliveries.ts";
export { announceJob } from "./jobs/announce-job.ts";
export type { JobContext, JobHandler, JobKind } from "./jobs/job-kind.ts";
export { enqueueJob, findJob, type Job, listJobs, type NewJob } from "./jobs/job-rows.ts";
export { type JobRunner, runJobs } from "./jobs/run-jobs.ts";
export { declaredLoops, declareLoop, type LoopDeclaration } from "./loops/declare-loop.ts";
export { showLoops } from "./loops/loop-turns.ts";
export { type Loop, startLoop } from "./loops/start-loop.ts";
export {
  declareDeletion,
  declaredSweeps,
  declareSweep,
  type Sweep,
} from "./sweeps/declare-sweep.ts";
export { sweepKind, sweepTable } from "./sweeps/sweep-job.ts";
export { workSweeps } from "./sweeps/work-sweeps.ts";
