/** What can be asked of the forecaster, by whoever may; it needs nothing of what forecasting stands on. */
import { enqueueJob, type Job } from "@tillcast/core/work";
import type { ServicePool } from "./stores.ts";

/** The kinds as they stand in the job table. */
export const forecastJobKinds = { train: "train-forecast", predict: "predict-forecast" } as const;

/** Where jobs are queued. */
interface Queue {
  readonly pool: ServicePool;
}

/** Queues a training of one tenant's network; a second one while the first waits or runs is the first. */
export function requestTraining({ pool }: Queue, tenantId: string): Promise<Job> {
  return enqueueJob(pool, { kind: forecastJobKinds.train, tenantId, dedupeKey: tenantId });
}

/** Queues forecasts of some of a tenant's stores, or of all. */
export function requestPrediction(
  { pool }: Queue,
  tenantId: string,
  storeIds?: readonly string[],
): Promise<Job> {
  return enqueueJob(pool, {
    kind: forecastJobKinds.predict,
    tenantId,
    dedupeKey: `${tenantId}/${storeIds === undefined ? "all" : [...storeIds].sort().join(",")}`,
    payload: storeIds === undefined ? {} : { storeIds },
  });
}

/** By kind, what a tenant's people may ask for. */
export const jobRequests = {
  [forecastJobKinds.train]: requestTraining,
  [forecastJobKinds.predict]: (queue: Queue, tenantId: string) =>
    requestPrediction(queue, tenantId),
};
