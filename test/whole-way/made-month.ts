import {
  addDays,
  businessDayBounds,
  forecastQuantiles,
  type LiveForecast,
  type LiveSnapshot,
  localMinuteOfDay,
} from "@tillcast/schemas";
import {
  closeoutsOf,
  dayDeliveries,
  expectedNet,
  expectedTotals,
  noTrouble,
  type StoreProfile,
} from "@tillcast/simulator";
import { learnSeries } from "../../forecaster/learn-series.ts";
import { baseline } from "../../forecaster/models/baseline.ts";
import { landingOfDay, quartersOfDay } from "../../forecaster/steps/lay-out-steps.ts";
import { learnQuarterProfile } from "../../forecaster/steps/quarter-profile.ts";

/** Sales of one quarter hour. */
interface Quarter {
  readonly businessDate: string;
  readonly start: number;
  readonly net: number;
  readonly orders: number;
}

/** A business day as the page gets it at its end, with the forecast that it had at its start. */
export interface MadeDay {
  readonly snapshot: LiveSnapshot;
  readonly quarters: readonly Quarter[];
}

const HISTORY_DAYS = 56;
const FIRST_DATE = "2026-03-02";

/** Days of a simulated store in which nothing special happens, each forecast from the days before it. */
export async function madeMonth(
  profile: StoreProfile,
  seed: number,
  days: number,
): Promise<MadeDay[]> {
  const quarters = sellAll(profile, seed, HISTORY_DAYS + days);
  const made: MadeDay[] = [];
  for (let day = 0; day < days; day += 1) {
    made.push(await madeDay(profile, quarters, addDays(FIRST_DATE, HISTORY_DAYS + day)));
  }
  return made;
}

function sellAll(profile: StoreProfile, seed: number, days: number): Quarter[] {
  const scenario = { seed, accountId: "month", trouble: noTrouble };
  const orders = Array.from({ length: days }, (_, day) =>
    dayDeliveries(profile, scenario, addDays(FIRST_DATE, day)).map(({ order }) => order),
  ).flat();
  const sums = new Map<number, Quarter>();
  for (const total of expectedTotals(orders, [profile])) {
    if (total.currency !== profile.currency) continue;
    const { businessDate, windowStart: start } = total;
    const known = sums.get(start) ?? { businessDate, start, net: 0, orders: 0 };
    const net = known.net + Number(expectedNet(total));
    sums.set(start, { ...known, net, orders: known.orders + Number(total.orders) });
  }
  return [...sums.values()].sort((a, b) => a.start - b.start);
}

async function madeDay(
  profile: StoreProfile,
  all: readonly Quarter[],
  businessDate: string,
): Promise<MadeDay> {
  const closeouts = closeoutsOf(profile);
  const { timeZone, currency } = profile;
  const store = { timeZone, closeouts };
  const before = all.filter((quarter) => quarter.businessDate < businessDate);
  const placed = before.map(({ businessDate: date, start, net }) => {
    const minute = localMinuteOfDay(start, timeZone);
    const [hour, quarter] = [Math.floor(minute / 60), Math.floor((minute % 60) / 15)];
    return { businessDate: date, hour, quarter, amount: net };
  });
  const firstHour = Math.floor(profile.closeoutMinute / 60);
  const place = { key: profile.key, timeZone, currency, firstHour, holidays: new Set<string>() };
  const series = learnSeries(place, placed, FIRST_DATE, businessDate);
  if (series === undefined) throw new Error("nothing was sold");
  const predicted = (await baseline().fit([series])).predict(1)[0];
  if (predicted === undefined) throw new Error("nothing was forecast");
  const steps = quartersOfDay(predicted, businessDate, store, learnQuarterProfile(placed));
  const bounds = businessDayBounds(businessDate, timeZone, closeouts);
  const forecast: LiveForecast = {
    grain: "15m",
    issuedAt: bounds.startMs,
    cutoff: bounds.startMs,
    modelName: "baseline",
    businessDate,
    starts: [...steps.starts],
    quantiles: [...forecastQuantiles],
    values: steps.values.map((row) => [...row]),
    landing: [...landingOfDay(steps, bounds.startMs, 0, series, store)],
  };
  const quarters = all.filter((quarter) => quarter.businessDate === businessDate);
  return { quarters, snapshot: snapshotOf(profile, businessDate, bounds, forecast) };
}

function snapshotOf(
  profile: StoreProfile,
  businessDate: string,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  forecast: LiveForecast,
): LiveSnapshot {
  return {
    storeId: profile.storeId,
    name: profile.name,
    timeZone: profile.timeZone,
    currency: profile.currency,
    businessDate,
    isToday: true,
    today: businessDate,
    lastSalesDate: businessDate,
    dayStart: startMs,
    dayEnd: endMs,
    serverTime: endMs,
    cursor: { epoch: 1, windows: 1, forecast: 1, alerts: 0, feeds: 1 },
    windows: [],
    open: [],
    forecast,
    forecastReason: null,
    daysKnown: 14,
    lastWeek: [],
    feeds: [
      {
        feedKey: "f",
        source: "s",
        state: "live",
        since: startMs,
        lastProofAt: endMs,
        watermark: endMs,
      },
    ],
  };
}
