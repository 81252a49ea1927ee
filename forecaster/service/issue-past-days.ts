/** Forecasts of past days as they would have been made, so that imported sales have something to be held against. */
import { runStatement } from "@tillcast/core/database";
import { businessDayBounds } from "@tillcast/schemas";
import { cleanHistory } from "../history/clean-history.ts";
import { unmarkedQuarters } from "../history/unmarked-quarters.ts";
import type { QuantileForecast } from "../model.ts";
import { landingOfDay, quartersOfDay } from "../steps/lay-out-steps.ts";
import { learnQuarterProfile } from "../steps/quarter-profile.ts";
import { businessDateNow, type ForecasterDeps } from "./issue-forecast.ts";
import { loadQuarters, loadSeries } from "./load-history.ts";
import { saveVintages } from "./save-vintages.ts";
import { baselineServes } from "./serving-model.ts";
import type { ForecastStore } from "./stores.ts";

/** How far back a person is likely to look; each day costs a look at a year of hours. */
const pastDaysMax = 7;
/** Tells these vintages from those that were made on their day. */
const backcastName = "backcast";

interface DayRow extends Record<string, unknown> {
  readonly storeId: string;
  readonly businessDate: string;
  readonly isForecast: boolean;
}

/** $1 stores, $2 present business dates. */
const selectLastDays = {
  name: "forecaster-last-days",
  text: `
    select w.store_id as "storeId", day.business_date::text as "businessDate",
      exists (
        select from forecast_vintage v
        where v.store_id = w.store_id and v.grain = '15m' and v.business_date = day.business_date
      ) as "isForecast"
    from unnest($1::uuid[], $2::date[]) as w (store_id, today)
    cross join lateral (
      select distinct d.business_date
      from rollup_day d
      where d.store_id = w.store_id and d.business_date < w.today and d.orders > 0
      order by d.business_date desc
      limit ${pastDaysMax}
    ) as day
    order by w.store_id, day.business_date`,
};

/** One look at all stores for past days without a forecast. */
export type PastDaysStep = (stores: readonly ForecastStore[], signal: AbortSignal) => Promise<void>;

/**
 * Makes the step that forecasts each store's last days of trade where nobody did: by the baseline, from
 * what was sold before that day alone, dated at the day's start. A store whose last days still change,
 * as they do while an import runs, waits for the next look.
 */
export function makePastDays(deps: ForecasterDeps): PastDaysStep {
  const daysSeen = new Map<string, string>();
  const tried = new Set<string>();
  return async (stores, signal) => {
    const today = stores.map((store) => businessDateNow(store, deps.clock.now()));
    const ids = stores.map((store) => store.storeId);
    const { rows } = await runStatement<DayRow>(deps.pool, selectLastDays, [ids, today]);
    for (const store of stores) {
      const days = rows.filter((row) => row.storeId === store.storeId);
      const dates = days.map((day) => day.businessDate).join(" ");
      const isStill = daysSeen.get(store.storeId) === dates;
      daysSeen.set(store.storeId, dates);
      if (!isStill) continue;
      for (const { businessDate, isForecast } of days) {
        const key = `${store.storeId} ${businessDate}`;
        if (isForecast || tried.has(key) || signal.aborted) continue;
        tried.add(key);
        await issuePastDay(deps, store, businessDate);
      }
    }
  };
}

async function issuePastDay(
  deps: ForecasterDeps,
  store: ForecastStore,
  businessDate: string,
): Promise<void> {
  const { pool, settings } = deps;
  const sold = await loadSeries(pool, store, businessDate, settings.FORECAST_HISTORY_DAYS);
  if (sold === undefined) return;
  const series = cleanHistory(sold);
  const quartersSold = await loadQuarters(pool, store, businessDate);
  const profile = learnQuarterProfile(unmarkedQuarters(quartersSold, sold));
  const forecast = (await baselineServes.model.fit([series])).predict(1)[0] as QuantileForecast;
  const quarters = quartersOfDay(forecast, businessDate, store, profile);
  const dayStart = businessDayBounds(businessDate, store.timeZone, store.closeouts).startMs;
  await saveVintages(deps, [
    {
      tenantId: store.tenantId,
      storeId: store.storeId,
      issuedAt: dayStart,
      modelName: backcastName,
      modelId: null,
      grain: "15m",
      cutoff: dayStart,
      businessDate,
      starts: [...quarters.starts],
      values: quarters.values.flat(),
      landing: [...landingOfDay(quarters, dayStart, 0, series, store)],
    },
  ]);
}
