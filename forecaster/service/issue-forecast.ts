/** One store's forecast, from its rollups to stored and published vintages. */
import { type Clock, findAppError, type Logger, type Metrics } from "@tillcast/core";
import type { EventLog } from "@tillcast/event-log";
import {
  addDays,
  businessDateOf,
  businessDayBounds,
  WINDOW_MS,
  windowStartOf,
} from "@tillcast/schemas";
import type { ForecasterSettings } from "../config.ts";
import { cleanHistory } from "../history/clean-history.ts";
import { unmarkedQuarters } from "../history/unmarked-quarters.ts";
import type { QuantileForecast } from "../model.ts";
import type { Series } from "../series.ts";
import {
  hoursOfDay,
  type LaidOutSteps,
  landingOfDay,
  quartersOfDay,
  totalOfDay,
} from "../steps/lay-out-steps.ts";
import { learnQuarterProfile, type QuarterProfile } from "../steps/quarter-profile.ts";
import { loadQuarters, loadSeries, loadSoldSoFar } from "./load-history.ts";
import { retireModel } from "./model-registry.ts";
import { type NewVintage, saveVintages } from "./save-vintages.ts";
import { baselineServes, type ServingModel } from "./serving-model.ts";
import type { ForecastStore, ServicePool } from "./stores.ts";

/** What the parts of the service stand on. */
export interface ForecasterDeps {
  readonly pool: ServicePool;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly settings: ForecasterSettings;
}

/** Business days ahead of today that get hours and a total. */
const daysAhead = 7;

/** `all` issues quarters, hours and days; `today` only today's quarters with a new landing. */
export type IssueScope = "all" | "today";

/** Says whether a forecast was issued and by whom, and if not, why. */
export type IssueResult =
  | { readonly issued: true; readonly serving: ServingModel }
  | { readonly issued: false; readonly reason: string };

/** The present business date of a store. */
export function businessDateNow(store: ForecastStore, now: number): string {
  return businessDateOf(now, store.timeZone, store.closeouts);
}

/**
 * Forecasts one store as of now. A network whose forecast holds numbers that are not finite is retired
 * and the baseline issued in its place: a store with history is never without its forecast.
 */
export async function issueForecast(
  deps: ForecasterDeps,
  store: ForecastStore,
  serving: ServingModel,
  scope: IssueScope,
): Promise<IssueResult> {
  try {
    return await issueWith(deps, store, serving, scope);
  } catch (error) {
    const { modelId } = serving;
    if (modelId === null || findAppError(error)?.code !== "forecastNotFinite") throw error;
    await retireModel(deps.pool, modelId);
    deps.log.error({ err: error, storeId: store.storeId, modelId }, "champion retired");
    return issueWith(deps, store, baselineServes, "all");
  }
}

async function issueWith(
  deps: ForecasterDeps,
  store: ForecastStore,
  serving: ServingModel,
  scope: IssueScope,
): Promise<IssueResult> {
  const now = deps.clock.now();
  const today = businessDateNow(store, now);
  const sold = await loadSeries(deps.pool, store, today, deps.settings.FORECAST_HISTORY_DAYS);
  if (sold === undefined) {
    return { issued: false, reason: "There are no sales before today to learn from." };
  }
  const series = cleanHistory(sold);
  const quartersSold = await loadQuarters(deps.pool, store, today);
  const profile = learnQuarterProfile(unmarkedQuarters(quartersSold, sold));
  const forecast = (await serving.model.fit([series])).predict(
    daysAhead + 1,
  )[0] as QuantileForecast;
  const quarters = quartersOfDay(forecast, today, store, profile);
  const dayStart = businessDayBounds(today, store.timeZone, store.closeouts).startMs;
  const closedUntil = windowStartOf(
    now - deps.settings.FORECAST_LATENESS_MINUTES * 60_000,
    WINDOW_MS,
  );
  const cutoff = Math.max(dayStart, closedUntil);
  const soldSoFar = await loadSoldSoFar(deps.pool, store, today, cutoff);
  const common = {
    tenantId: store.tenantId,
    storeId: store.storeId,
    issuedAt: now,
    modelName: serving.model.name,
    modelId: serving.modelId,
  };
  const todays: NewVintage = {
    ...common,
    grain: "15m",
    cutoff,
    businessDate: today,
    ...flat(quarters),
    landing: [...landingOfDay(quarters, cutoff, soldSoFar, series, store)],
  };
  // Today's quarters come last: their version is the store's newest.
  const vintages =
    scope === "today"
      ? [todays]
      : [...longVintages(common, { forecast, series, profile }, store, today, dayStart), todays];
  await saveVintages(deps, vintages);
  deps.metrics
    .counter({ name: "forecasts_issued_total", help: "Forecast vintages stored." })
    .inc(vintages.length);
  return { issued: true, serving };
}

/** What a store's steps are laid out from. */
interface KnownStore {
  readonly forecast: QuantileForecast;
  readonly series: Series;
  readonly profile: QuarterProfile;
}

function longVintages(
  common: Pick<NewVintage, "tenantId" | "storeId" | "issuedAt" | "modelName" | "modelId">,
  { forecast, series, profile }: KnownStore,
  store: ForecastStore,
  today: string,
  dayStart: number,
): NewVintage[] {
  const dates = Array.from({ length: daysAhead + 1 }, (_, ahead) => addDays(today, ahead));
  const hours = dates.map((date) => hoursOfDay(forecast, date, store, profile));
  const days: LaidOutSteps = {
    starts: dates.map((date) => businessDayBounds(date, store.timeZone, store.closeouts).startMs),
    values: hours.map((steps) => totalOfDay(steps, series)),
  };
  const longer = { ...common, cutoff: dayStart, businessDate: null, landing: null };
  const joined: LaidOutSteps = {
    starts: hours.flatMap((one) => one.starts),
    values: hours.flatMap((one) => one.values),
  };
  return [
    { ...longer, grain: "day", ...flat(days) },
    { ...longer, grain: "hour", ...flat(joined) },
  ];
}

function flat(steps: LaidOutSteps): { starts: number[]; values: number[] } {
  return { starts: [...steps.starts], values: steps.values.flat() };
}
