/** Looks at every store again and again, and sees to it that its forecast is there and fresh. */
import type { JobRunner } from "@tillcast/core";
import { loadServingModel, type ServingModel } from "./champion.ts";
import { dueForecast, isTrainingDue } from "./due-work.ts";
import { requestPrediction, requestTraining } from "./forecast-jobs.ts";
import { type ForecasterDeps, issueForecast } from "./issue-forecast.ts";
import { loadStoreFacts, loadTenantFacts, type StoreWithFacts } from "./load-facts.ts";
import { loadStores } from "./stores.ts";

/** After asking for work that may fail, the same is not asked for again so soon. */
const askAgainAfterMs = 10 * 60_000;
/** Predictions are quick and follow a growing history. */
const predictAgainAfterMs = 15_000;

/** One look at all stores. */
export type ScheduleStep = (signal: AbortSignal) => Promise<void>;

/** Makes the step; it remembers what it asked for and how much history each issue saw. */
export function makeSchedule(deps: ForecasterDeps, runner: Pick<JobRunner, "wake">): ScheduleStep {
  const historySeen = new Map<string, number>();
  const askedAt = new Map<string, number>();
  const mayAsk = (what: string, pauseMs: number): boolean => {
    const at = performance.now();
    const before = askedAt.get(what);
    if (before !== undefined && at - before < pauseMs) return false;
    askedAt.set(what, at);
    return true;
  };

  return async (signal) => {
    const all = await loadStores(deps.pool);
    if (all.length === 0) return;
    const days = deps.settings.FORECAST_HISTORY_DAYS;
    const stores = await loadStoreFacts(deps.pool, all, deps.clock.now(), days);
    const toPredict = new Map<string, string[]>();
    const toReissue: StoreWithFacts[] = [];
    for (const { store, facts } of stores) {
      const seen = historySeen.get(store.storeId);
      const last =
        facts.last && (seen === undefined ? facts.last : { ...facts.last, historyDays: seen });
      const due = dueForecast(last === undefined ? facts : { ...facts, last }, deps.settings);
      if (seen === undefined && due !== "predict")
        historySeen.set(store.storeId, facts.historyDays);
      if (due === "reissue") toReissue.push({ store, facts });
      if (due !== "predict" || !mayAsk(`predict/${store.storeId}`, predictAgainAfterMs)) continue;
      historySeen.set(store.storeId, facts.historyDays);
      toPredict.set(store.tenantId, [...(toPredict.get(store.tenantId) ?? []), store.storeId]);
    }
    for (const [tenantId, storeIds] of toPredict) await requestPrediction(deps, tenantId, storeIds);
    for (const [tenantId, facts] of await loadTenantFacts(deps.pool, stores)) {
      if (!isTrainingDue(facts, deps.settings)) continue;
      if (mayAsk(`train/${tenantId}`, askAgainAfterMs)) await requestTraining(deps, tenantId);
    }
    runner.wake();
    await reissue(deps, toReissue, signal);
  };
}

/** Renews today's landing store by store; the model and its hours stay as they are. */
async function reissue(
  deps: ForecasterDeps,
  stores: readonly StoreWithFacts[],
  signal: AbortSignal,
): Promise<void> {
  const serving = new Map<string, ServingModel>();
  for (const { store } of stores) {
    if (signal.aborted) return;
    const model =
      serving.get(store.tenantId) ?? (await loadServingModel(deps.pool, deps.log, store.tenantId));
    serving.set(store.tenantId, model);
    await issueForecast(deps, store, model, "today");
  }
}
