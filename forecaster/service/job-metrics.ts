import type { Metrics } from "@tillcast/core";
import type { Job } from "@tillcast/core/work";

/** From a quick forecast to a network's training over night, in seconds. */
const jobBucketsSeconds = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

/** Counts the forecaster's jobs as they end; answers what hears of a job's changes. */
export function makeJobMetrics(metrics: Metrics): (job: Job) => void {
  const ended = metrics.counter({
    name: "tillcast_forecast_jobs_total",
    help: "Forecast jobs that ended in this process, by kind and state (done, failed).",
    labelNames: ["kind", "state"],
  });
  const seconds = metrics.histogram({
    name: "tillcast_forecast_job_seconds",
    help: "Time that a forecast job took from its start to its end, by kind.",
    labelNames: ["kind"],
    buckets: jobBucketsSeconds,
  });
  return ({ kind, state, startedAt, finishedAt }) => {
    if (state !== "done" && state !== "failed") return;
    ended.inc({ kind, state });
    if (startedAt !== null && finishedAt !== null) {
      seconds.observe({ kind }, (finishedAt - startedAt) / 1_000);
    }
  };
}
