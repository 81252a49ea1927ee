/** Looks at every store again and again, and sees to it that its forecast is there and fresh. */
import type { JobRunner } from "@tillcast/core/work";
import { dueForecast, isTrainingDue, type StoreFacts } from "./due-work.ts";
import { makeHistoryWatch } from "./history-watch.ts";
import { type ForecasterDeps, issueForecast } from "./issue-forecast.ts";
import { makePastDays } from "./issue-past-days.ts";
import { requestPrediction, requestTraining } from "./job-requests.ts";
import { loadFacts, type StoreWithFacts } from "./load-facts.ts";
import { loadServingModel, type ServingModel } from "./serving-model.ts";
import { loadForecastStores } from "./stores.ts";

/** A training that failed fails again on the same history, and takes a processor while it does. */
const trainAgainAfterMs = 60 * 60_000;
/** After asking for a prediction that may fail, the same is not asked for again so soon. */
const predictAgainAfterMs = 15_000;

/** One look at all stores. */
export type ScheduleStep = (signal: AbortSignal) => Promise<void>;

/** Makes the step; it remembers what it asked for and how much history each issue saw. */
export function makeSchedule(deps: ForecasterDeps, runner: Pick<JobRunner, "wake">): ScheduleStep {
  const watch = makeHistoryWatch();
  const historySeen = new Map<string, number>();
  const checked = new Set<string>();
  const mayAsk = makePauses();
  const forecastPastDays = makePastDays(deps);

  /** What is due of a store, by what the tables and this process know; remembers the history seen. */
  const dueOf = ({ store: { storeId }, facts }: StoreWithFacts) => {
    const due = dueForecast(withHistorySeen(facts, historySeen.get(storeId)), deps.settings);
    const byWhom = facts.championId ?? "baseline";
    if (due === "predict" && !mayAsk(storeId, byWhom, predictAgainAfterMs)) return "nothing";
    if (due === "predict" || !historySeen.has(storeId)) historySeen.set(storeId, facts.historyDays);
    return due;
  };

  return async (signal) => {
    const all = await loadForecastStores(deps.pool);
    if (all.length === 0) return;
    await checkChampions(deps, new Set(all.map((store) => store.tenantId)), checked);
    const { stores, tenants } = await loadFacts(deps.pool, {
      stores: all,
      now: deps.clock.now(),
      historyDays: deps.settings.FORECAST_HISTORY_DAYS,
      watch,
    });
    const toPredict = new Map<string, string[]>();
    const toReissue: StoreWithFacts[] = [];
    for (const one of stores) {
      const { storeId, tenantId } = one.store;
      const due = dueOf(one);
      if (due === "reissue") toReissue.push(one);
      if (due === "predict") toPredict.set(tenantId, [...(toPredict.get(tenantId) ?? []), storeId]);
    }
    for (const [tenantId, storeIds] of toPredict) await requestPrediction(deps, tenantId, storeIds);
    for (const [tenantId, facts] of tenants) {
      if (!isTrainingDue(facts, deps.settings)) continue;
      const onWhat = `${facts.historyDays} days`;
      if (mayAsk(tenantId, onWhat, trainAgainAfterMs)) await requestTraining(deps, tenantId);
    }
    runner.wake();
    await reissue(deps, toReissue, signal);
    await forecastPastDays(all, signal);
  };
}

/** Remembers what was last asked for on whose behalf, and says whether the same may be asked again. */
function makePauses(): (whose: string, what: string, pauseMs: number) => boolean {
  const asked = new Map<string, { readonly what: string; readonly at: number }>();
  return (whose, what, pauseMs) => {
    const at = performance.now();
    const before = asked.get(whose);
    if (before?.what === what && at - before.at < pauseMs) return false;
    asked.set(whose, { what, at });
    return true;
  };
}

function withHistorySeen(facts: StoreFacts, historyDays: number | undefined): StoreFacts {
  if (facts.last === undefined || historyDays === undefined) return facts;
  return { ...facts, last: { ...facts.last, historyDays } };
}

/**
 * Loads each tenant's champion once, so that one that cannot serve is retired before its forecasts
 * are relied on; forecasts of a model that serves no more are due anew.
 */
async function checkChampions(
  deps: ForecasterDeps,
  tenantIds: ReadonlySet<string>,
  checked: Set<string>,
): Promise<void> {
  for (const tenantId of tenantIds) {
    if (checked.has(tenantId)) continue;
    await loadServingModel(deps, tenantId);
    checked.add(tenantId);
  }
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
    const model = serving.get(store.tenantId) ?? (await loadServingModel(deps, store.tenantId));
    const result = await issueForecast(deps, store, model, "today");
    serving.set(store.tenantId, result.issued ? result.serving : model);
  }
}
