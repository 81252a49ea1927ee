/** The forecaster's composition root: schedule, jobs and what they stand on. */

import { type Clock, type Logger, type Metrics, openScope } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import { announceJob, declareLoop, runJobs, startLoop } from "@tillcast/core/work";
import type { EventLog } from "@tillcast/event-log";
import { topics } from "@tillcast/schemas";
import type { ForecasterSettings } from "./config.ts";
import { forecastKinds } from "./service/forecast-jobs.ts";
import type { ForecasterDeps } from "./service/issue-forecast.ts";
import { makeJobMetrics } from "./service/job-metrics.ts";
import { makeSchedule } from "./service/schedule.ts";
import { thinVintages } from "./service/thin-vintages.ts";

const scheduleLoop = declareLoop({
  name: "forecast schedule",
  does: "queues the forecasts and trainings that are due",
  every: "FORECAST_TICK_MS",
  // The schedule remembers what it asked for, so that one process keeps it; jobs are anyone's.
  lease: "forecast schedule",
});
const thinningLoop = declareLoop({
  name: "forecast retention",
  does: "keeps four forecasts of each day that is long past",
  // Days grow old by the day.
  every: 3_600_000,
});

export interface ForecasterOptions {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly settings: ForecasterSettings;
}

/** A running forecaster. */
export interface Forecaster {
  /** Looks for due work now instead of at the next tick. */
  wake(): void;
  /** Ends training, lets a forecast in progress finish. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts forecasting all tenants' stores: on schedule, and whenever a job asks for it. */
export async function startForecaster(options: ForecasterOptions): Promise<Forecaster> {
  const { database, ...rest } = options;
  const deps: ForecasterDeps = { ...rest, pool: database.service };
  await deps.eventLog.ensureTopics([topics.forecasts, topics.jobs]);
  const scope = openScope();
  const countJob = makeJobMetrics(options.metrics);
  const runner = runJobs({
    pool: deps.pool,
    kinds: forecastKinds(deps),
    log: deps.log,
    onChange: (job) => {
      countJob(job);
      announceJob(deps, job);
    },
  });
  scope.defer(() => runner.stop());
  const schedule = startLoop(scheduleLoop, {
    everyMs: deps.settings.FORECAST_TICK_MS,
    pool: deps.pool,
    log: deps.log,
    step: makeSchedule(deps, runner),
  });
  scope.defer(() => schedule.stop());
  const thinning = startLoop(thinningLoop, {
    log: deps.log,
    step: () => thinVintages(deps.pool, deps.clock.now()),
  });
  scope.defer(() => thinning.stop());
  return { wake: () => schedule.wake(), stop: () => scope.close() };
}
