/** The forecaster's two kinds of jobs: train a tenant's network, and forecast its stores. */
import { appError } from "@tillcast/core";
import type { Job, JobContext, JobKind } from "@tillcast/core/work";
import { businessDayBounds } from "@tillcast/schemas";
import { z } from "zod";
import { beforeHeldOut, heldOutDays } from "../judge-models.ts";
import { trainAndJudge } from "../network/train-in-worker.ts";
import { isTrainable, trainableDays } from "../network/trainable.ts";
import { dateAt, openDays, type Series } from "../series.ts";
import { businessDateNow, type ForecasterDeps, issueForecast } from "./issue-forecast.ts";
import { forecastJobKinds } from "./job-requests.ts";
import { loadSeries } from "./load-history.ts";
import { saveJudgedModel } from "./model-registry.ts";
import { decidePromotion } from "./promotion.ts";
import { loadServingModel } from "./serving-model.ts";
import { type ForecastStore, loadForecastStores } from "./stores.ts";

/** The payload of a prediction: which stores; all of the tenant's when absent. */
const predictPayload = z.object({ storeIds: z.array(z.uuid()).optional() });

/**
 * The kinds that the forecaster does. Training takes the processor for minutes, on a thread of its own, so one runs
 * at a time; forecasts are short and do not wait for it.
 */
export const forecastKinds = (deps: ForecasterDeps): readonly JobKind[] => [
  {
    name: forecastJobKinds.train,
    atOnce: 1,
    run: (job, context) => trainTenant(deps, tenantOf(job), context),
  },
  {
    name: forecastJobKinds.predict,
    atOnce: 1,
    run: (job, context) =>
      predictStores(deps, tenantOf(job), predictPayload.parse(job.payload).storeIds, context),
  },
];

function tenantOf(job: Job): string {
  if (job.tenantId !== null) return job.tenantId;
  throw appError("badRequest", { reason: `a job of kind ${job.kind} names no tenant` });
}

/** Trains a network, and lets it serve if it does no worse than what serves now. */
async function trainTenant(
  deps: ForecasterDeps,
  tenantId: string,
  { progress, signal }: JobContext,
): Promise<void> {
  const histories = await loadHistories(deps, tenantId, { progress, signal });
  if (histories.length === 0) {
    progress(1, `no store has ${trainableDays} trading days yet; the baseline serves`);
    return;
  }
  const { artifact: champion } = await loadServingModel(deps, tenantId);
  const trained = await trainAndJudge(
    histories.map(({ series }) => series),
    champion,
    {
      signal,
      onProgress: (done) => progress(0.1 + 0.85 * done, `training on ${histories.length} stores`),
    },
  );
  const { serves, verdict } = decidePromotion(trained.scores);
  const metrics = {
    historyDays: histories.reduce((sum, { series }) => sum + openDays(series), 0),
    stores: histories.length,
    rows: trained.rows,
    loss: trained.loss,
    cpuSeconds: trained.cpuSeconds,
    heldOutDays,
    scores: trained.scores,
    verdict,
  };
  const cutoff = Math.max(...histories.map(taughtUntil));
  const { artifact } = trained;
  const kept = { tenantId, trainedAt: deps.clock.now(), cutoff, artifact, metrics };
  const modelId = await saveJudgedModel(deps.pool, kept, serves);
  deps.log.info({ tenantId, modelId, serves, ...metrics }, "network trained and judged");
  progress(1, verdict);
}

interface History {
  readonly store: ForecastStore;
  readonly series: Series;
}

/** The histories from which a network can learn. */
async function loadHistories(
  deps: ForecasterDeps,
  tenantId: string,
  { progress, signal }: JobContext,
): Promise<History[]> {
  const stores = await loadForecastStores(deps.pool, tenantId);
  const histories: History[] = [];
  for (const [index, store] of stores.entries()) {
    signal.throwIfAborted();
    progress((0.1 * index) / stores.length, `reading store ${index + 1} of ${stores.length}`);
    const today = businessDateNow(store, deps.clock.now());
    const series = await loadSeries(deps.pool, store, today, deps.settings.FORECAST_HISTORY_DAYS);
    if (series !== undefined && isTrainable(series)) histories.push({ store, series });
  }
  return histories;
}

/** The instant at which the actuals end that a network was taught. */
function taughtUntil({ store, series }: History): number {
  const firstHeldOut = dateAt(series, beforeHeldOut(series).dayCount);
  return businessDayBounds(firstHeldOut, store.timeZone, store.closeouts).startMs;
}

/** Forecasts stores one by one; what keeps one from its forecast keeps no other. */
async function predictStores(
  deps: ForecasterDeps,
  tenantId: string,
  storeIds: readonly string[] | undefined,
  { progress, signal }: JobContext,
): Promise<void> {
  const stores = (await loadForecastStores(deps.pool, tenantId)).filter(
    (store) => storeIds === undefined || storeIds.includes(store.storeId),
  );
  let serving = await loadServingModel(deps, tenantId);
  const faults: unknown[] = [];
  let skipped = 0;
  for (const [index, store] of stores.entries()) {
    signal.throwIfAborted();
    progress(index / stores.length, `store ${index + 1} of ${stores.length}`);
    try {
      const result = await issueForecast(deps, store, serving, "all");
      if (result.issued) {
        // One store's forecast may have shown that the champion cannot serve.
        serving = result.serving;
      } else {
        skipped++;
        deps.log.info({ storeId: store.storeId, reason: result.reason }, "no forecast");
      }
    } catch (error) {
      deps.log.error({ err: error, storeId: store.storeId }, "store not forecast");
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
  progress(1, skipped === 0 ? `${stores.length} stores` : `${skipped} stores have no history yet`);
}
