import {
  DAYS_ENOUGH,
  type Expectation,
  expectedUntil,
  type ForecastStep,
  type Freshness,
  forecastSteps,
  isReachKnown,
  isUpToNow,
  type LiveOpen,
  type LiveWindow,
  onTop,
  pastFreshness,
  type RestSpread,
  restBetween,
  restSpreadOf,
  storeFreshness,
  WINDOW_MS,
} from "@tillcast/schemas/browser";
import { type Deviation, deviationOf, isUnusual } from "./deviation.ts";
import type { Cut, Heard } from "./heard.ts";
import type { LiveState } from "./live-state.ts";
import { tooLittleKnown } from "./too-little-known.ts";
import { type UnusualHalf, unusualHalf } from "./unusual-half.ts";

/** Sums of one currency; money in minor units. */
export interface Sums {
  readonly net: bigint;
  readonly orders: number;
  readonly guests: number;
}

/** One quarter hour in the store's currency. */
export interface Quarter extends Sums {
  readonly start: number;
}

/** Where the trading day is: nothing expected yet, under way, or over; `past` is any day before today. */
export type Phase = "beforeOpening" | "trading" | "closed" | "past";

/** Everything that the page shows of a store's day at one moment, computed from the live state. */
export interface DayPicture extends Sums {
  readonly storeId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly businessDate: string;
  /** The present business date, which is this day's own unless `phase` is `past`. */
  readonly today: string;
  readonly lastSalesDate: string | null;
  readonly dayStart: number;
  readonly dayEnd: number;
  readonly seq: number;
  readonly now: number;
  /** Until when the server has been heard: nothing that is shown is newer. */
  readonly asOf: number;
  /** Why nothing newer is known; null while the server is heard, and of a day of the past. */
  readonly cut: Cut | null;
  /** Where actuals end: `asOf`, the end of a past day, or the moment that a late feed's data reaches. */
  readonly dataUntil: number;
  readonly freshness: Freshness;
  readonly phase: Phase;
  readonly quarters: ReadonlyMap<number, Quarter>;
  /** Sales in other currencies, never added to the store's own. */
  readonly foreign: readonly { readonly currency: string; readonly net: bigint }[];
  readonly open: readonly LiveOpen[];
  readonly steps: readonly ForecastStep[];
  readonly forecastReason: string | null;
  /** What is expected of the whole day; 0 without a forecast. */
  readonly dayExpected: number;
  /** Earlier days with sales, counted to 14; with fewer nothing is called usual. */
  readonly daysKnown: number;
  /** Against what was expected; nothing to compare before opening. */
  readonly deviation: Deviation | undefined;
  /** Half of the day's trade that is unusual where the day so far is not; null without one. */
  readonly half: UnusualHalf | null;
  /** What was expected until `dataUntil`. */
  readonly expected: Expectation | null;
  /** Where the whole day is likely to end, never below `net`; null for a day that has ended. */
  readonly landing: Expectation | null;
  /** How much wider than the sum of its steps the rest of the day is expected to spread. */
  readonly restSpread: RestSpread;
  readonly lastWeek: ReadonlyMap<number, bigint>;
  readonly lastWeekSoFar: bigint | null;
  /** When trading usually begins and ends today, by the forecast. */
  readonly hours: { readonly from: number; readonly to: number } | null;
}

/** A quarter hour in which less than this share of the busiest one is expected is not trading time. */
const TRADING_SHARE = 0.02;

/** Computes the picture; pure, and quick enough for every frame (a day has about 100 quarter hours). */
export function dayPicture(
  state: LiveState,
  now: number,
  heard: Heard = { until: now, cut: null },
): DayPicture {
  const { snapshot } = state;
  const asOf = Math.min(now, heard.until);
  const own = [...state.windows.values()].filter(({ currency }) => currency === snapshot.currency);
  const sums = sumWindows(own);
  const { isToday, dayEnd } = snapshot;
  const freshness = isToday ? storeFreshness(state.feeds) : pastFreshness(state.feeds, dayEnd);
  const latest = isToday ? Math.min(asOf, dayEnd) : dayEnd;
  const isUpToLatest = isUpToNow(freshness);
  const isKnown = isReachKnown(freshness);
  const reached = isUpToLatest ? latest : (freshness.dataUntil ?? lastSoldUntil(own));
  const dataUntil = clamp(reached, snapshot.dayStart, latest);
  const isEnough = snapshot.daysKnown >= DAYS_ENOUGH;
  const forecast = isEnough ? state.forecast : null;
  const steps = forecast === null ? [] : forecastSteps(forecast, WINDOW_MS);
  const dayExpected = steps.reduce((sum, step) => sum + step.p50, 0);
  const hours = tradingHours(steps);
  const lastWeek = new Map(snapshot.lastWeek.map(({ start, net }) => [start, BigInt(net)]));
  const phase = isToday ? phaseOf({ freshness, hours, sums, dayEnd }, asOf) : "past";
  const expected =
    steps.length === 0 ? null : expectedUntil(steps, phase === "closed" ? dayEnd : dataUntil);
  const restSpread = forecast === null ? { below: 1, above: 1 } : restSpreadOf(forecast, steps);
  const rest = restBetween(steps, restSpread, dataUntil);
  const quarters = quartersOf(own);
  const isCompared = phase !== "beforeOpening" && isKnown;
  const deviation = isCompared ? deviationOf(sums.net, expected, dayExpected) : undefined;
  const isOver = !isToday || phase === "closed" || steps.length === 0;
  return {
    storeId: snapshot.storeId,
    name: snapshot.name,
    timeZone: snapshot.timeZone,
    currency: snapshot.currency,
    businessDate: snapshot.businessDate,
    today: snapshot.today,
    lastSalesDate: snapshot.lastSalesDate,
    dayStart: snapshot.dayStart,
    dayEnd,
    seq: state.cursor.windows,
    now,
    asOf,
    cut: isToday ? heard.cut : null,
    ...sums,
    dataUntil,
    freshness,
    phase,
    deviation,
    half:
      deviation === undefined || isUnusual(deviation)
        ? null
        : unusualHalf({
            steps,
            hours,
            dayExpected,
            dataUntil: phase === "closed" ? dayEnd : dataUntil,
            netBetween: (start, end) => sumWithin({ quarters }, { start, end }),
          }),
    dayExpected,
    daysKnown: snapshot.daysKnown,
    quarters,
    foreign: foreignSums(state),
    open: state.open,
    steps,
    forecastReason: isEnough ? snapshot.forecastReason : tooLittleKnown(snapshot.daysKnown),
    expected,
    landing: isOver ? null : onTop(Number(sums.net), rest),
    restSpread,
    lastWeek,
    lastWeekSoFar:
      lastWeek.size === 0
        ? null
        : lastWeekUntil(lastWeek, !isToday && isUpToLatest ? null : dataUntil),
    hours,
  };
}

/** Net, orders and guests of windows of one currency. */
export function sumWindows(windows: readonly LiveWindow[]): Sums {
  let net = 0n;
  let orders = 0;
  let guests = 0;
  for (const window of windows) {
    net += BigInt(window.net);
    orders += window.orders;
    guests += window.guests;
  }
  return { net, orders, guests };
}

function quartersOf(windows: readonly LiveWindow[]): Map<number, Quarter> {
  const quarters = new Map<number, Quarter>();
  for (const window of windows) {
    const { start } = window;
    const known = quarters.get(start) ?? { start, net: 0n, orders: 0, guests: 0 };
    quarters.set(start, {
      start,
      net: known.net + BigInt(window.net),
      orders: known.orders + window.orders,
      guests: known.guests + window.guests,
    });
  }
  return quarters;
}

function foreignSums({ windows, snapshot }: LiveState): { currency: string; net: bigint }[] {
  const sums = new Map<string, bigint>();
  for (const { currency, net } of windows.values()) {
    if (currency !== snapshot.currency)
      sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(net));
  }
  return [...sums].map(([currency, net]) => ({ currency, net }));
}

function tradingHours(steps: readonly ForecastStep[]): { from: number; to: number } | null {
  const busiest = Math.max(0, ...steps.map((step) => step.p50));
  const trading = steps.filter((step) => step.p50 > busiest * TRADING_SHARE);
  const [first] = trading;
  const last = trading.at(-1);
  return first === undefined || last === undefined ? null : { from: first.start, to: last.end };
}

/**
 * A day is over only where its till is heard: else sales may be missing, and nothing has closed at zero.
 * A till that is closed before the last hours of trade only pauses.
 */
function phaseOf(
  day: {
    readonly freshness: Freshness;
    readonly hours: { readonly from: number; readonly to: number } | null;
    readonly sums: Sums;
    readonly dayEnd: number;
  },
  moment: number,
): Phase {
  const { freshness, hours, sums, dayEnd } = day;
  const isUntouched = sums.net === 0n && sums.orders === 0;
  if (hours !== null && isUntouched && moment < hours.from) return "beforeOpening";
  if (!isUpToNow(freshness)) return "trading";
  if (moment >= dayEnd) return "closed";
  if (hours === null) return freshness.state === "closed" && !isUntouched ? "closed" : "trading";
  return moment >= hours.to ? "closed" : "trading";
}

/** The end of the last quarter hour with sales; 0 without any. */
function lastSoldUntil(windows: readonly LiveWindow[]): number {
  return Math.max(0, ...windows.map(({ start }) => start + WINDOW_MS));
}

/** All of it for null: a day of 25 hours has windows beyond the end of one of 24. */
function lastWeekUntil(lastWeek: ReadonlyMap<number, bigint>, until: number | null): bigint {
  let sum = 0n;
  for (const [start, net] of lastWeek) if (until === null || start + WINDOW_MS <= until) sum += net;
  return sum;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}

/** Net of a stretch of the day, to the minor unit, as the tables show it. */
export function sumWithin(
  { quarters }: Pick<DayPicture, "quarters">,
  { start, end }: { readonly start: number; readonly end: number },
): bigint {
  let net = 0n;
  for (const quarter of quarters.values()) {
    if (quarter.start >= start && quarter.start < end) net += quarter.net;
  }
  return net;
}
