/** The forecaster's two kinds of jobs: train a tenant's network, and forecast its stores. */
import { appError, enqueueJob, type Job, type JobContext, type JobHandler } from "@tillcast/core";
import { businessDayBounds } from "@tillcast/schemas";
import { z } from "zod";
import { weeklyHistoryDays } from "../models/baseline.ts";
import { trainInWorker } from "../network/train-in-worker.ts";
import { openDays, type Series } from "../series.ts";
import { loadServingModel, saveChampion } from "./champion.ts";
import { businessDateNow, type ForecasterDeps, issueForecast } from "./issue-forecast.ts";
import { loadSeries } from "./load-history.ts";
import { loadStores } from "./stores.ts";

/** The kinds as they stand in the job table. */
export const forecastJobKinds = { train: "train-forecast", predict: "predict-forecast" } as const;

/** The payload of a prediction: which stores; all of the tenant's when absent. */
const predictPayload = z.object({ storeIds: z.array(z.uuid()).optional() });

/** A network needs a week to be scored on beyond the weeks that its features look back. */
const trainingDaysMin = weeklyHistoryDays + 7;

/** Queues a training of one tenant's network; a second one while the first waits or runs is the first. */
export function requestTraining(
  deps: Pick<ForecasterDeps, "pool">,
  tenantId: string,
): Promise<Job> {
  return enqueueJob(deps.pool, { kind: forecastJobKinds.train, tenantId, dedupeKey: tenantId });
}

/** Queues forecasts of some of a tenant's stores, or of all. */
export function requestPrediction(
  deps: Pick<ForecasterDeps, "pool">,
  tenantId: string,
  storeIds?: readonly string[],
): Promise<Job> {
  return enqueueJob(deps.pool, {
    kind: forecastJobKinds.predict,
    tenantId,
    dedupeKey: `${tenantId}/${storeIds === undefined ? "all" : [...storeIds].sort().join(",")}`,
    payload: storeIds === undefined ? {} : { storeIds },
  });
}

/** The handlers of both kinds. */
export function forecastJobHandlers(deps: ForecasterDeps): Record<string, JobHandler> {
  return {
    [forecastJobKinds.train]: (job, context) => trainTenant(deps, tenantOf(job), context),
    [forecastJobKinds.predict]: (job, context) =>
      predictStores(deps, tenantOf(job), predictPayload.parse(job.payload).storeIds, context),
  };
}

function tenantOf(job: Job): string {
  if (job.tenantId !== null) return job.tenantId;
  throw appError("badRequest", { reason: `a job of kind ${job.kind} names no tenant` });
}

async function trainTenant(
  deps: ForecasterDeps,
  tenantId: string,
  { progress, signal }: JobContext,
): Promise<void> {
  const stores = await loadStores(deps.pool, tenantId);
  const histories: Series[] = [];
  let cutoff = 0;
  for (const [index, store] of stores.entries()) {
    signal.throwIfAborted();
    progress((0.1 * index) / stores.length, `reading store ${index + 1} of ${stores.length}`);
    const today = businessDateNow(store, deps.clock.now());
    const series = await loadSeries(deps.pool, store, today, deps.settings.FORECAST_HISTORY_DAYS);
    if (series === undefined || openDays(series) < trainingDaysMin) continue;
    histories.push(series);
    cutoff = Math.max(cutoff, businessDayBounds(today, store.timeZone, store.closeouts).startMs);
  }
  if (histories.length === 0) {
    progress(1, `no store has ${trainingDaysMin} trading days yet; the baseline serves`);
    return;
  }
  const trained = await trainInWorker(histories, {
    signal,
    onProgress: (done) => progress(0.1 + 0.85 * done, `training on ${histories.length} stores`),
  });
  const metrics = {
    historyDays: histories.reduce((sum, one) => sum + openDays(one), 0),
    stores: histories.length,
    rows: trained.rows,
    cpuSeconds: trained.cpuSeconds,
  };
  const artifact = trained.weights;
  const trainedAt = deps.clock.now();
  const modelId = await saveChampion(deps.pool, { tenantId, trainedAt, cutoff, artifact, metrics });
  deps.log.info({ tenantId, modelId, ...metrics }, "network trained");
  await requestPrediction(deps, tenantId);
}

async function predictStores(
  deps: ForecasterDeps,
  tenantId: string,
  storeIds: readonly string[] | undefined,
  { progress, signal }: JobContext,
): Promise<void> {
  const serving = await loadServingModel(deps.pool, deps.log, tenantId);
  const stores = (await loadStores(deps.pool, tenantId)).filter(
    (store) => storeIds === undefined || storeIds.includes(store.storeId),
  );
  let skipped = 0;
  for (const [index, store] of stores.entries()) {
    signal.throwIfAborted();
    progress(index / stores.length, `store ${index + 1} of ${stores.length}`);
    const result = await issueForecast(deps, store, serving, "all");
    if (!result.issued) {
      skipped++;
      deps.log.info({ storeId: store.storeId, reason: result.reason }, "no forecast");
    }
  }
  progress(1, skipped === 0 ? `${stores.length} stores` : `${skipped} stores have no history yet`);
}
