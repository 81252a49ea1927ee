import {
  DAYS_ENOUGH,
  daysBetween,
  type Expectation,
  isUpToNow,
  type Overview,
  type OverviewRow,
  storeFreshness,
} from "@tillcast/schemas/browser";
import { locale } from "../format/locale.ts";
import { exactMoney, tellApart } from "../format/numbers.ts";
import { shortDate } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import { deviationOf } from "../live/deviation.ts";
import type { Cut } from "../live/heard.ts";
import type { Standing } from "../live/sentence.ts";
import { tooLittleKnown } from "../live/too-little-known.ts";

/** One store of the list, as far as a sentence can be made of it. */
export interface StoreRow extends Standing {
  readonly storeId: string;
  readonly name: string;
  readonly open: OverviewRow["open"];
  readonly otherCurrencies: OverviewRow["otherCurrencies"];
  /** The list's moment, by the server's clock. */
  readonly now: number;
}

/** Less than this share of the day being expected by now means that trading has not begun. */
const BEGUN_SHARE = 0.01;

/** A till that is closed while more than this is still expected has closed for a while only. */
const CLOSED_SHARE = 0.1;

/** What the list shows of a store as of `now`, the moment of the server's answer. */
export function storeRow(answer: OverviewRow, now: number, cut: Cut | null = null): StoreRow {
  const isEnough = answer.daysKnown >= DAYS_ENOUGH;
  const row = isEnough ? answer : { ...answer, expectedSoFar: null, landing: null };
  const net = BigInt(row.net);
  const freshness = storeFreshness(row.feeds);
  const dataUntil = isUpToNow(freshness) ? now : Math.min(freshness.dataUntil ?? now, now);
  // The expectation reaches to the present; against data that does not, it would call late sales low.
  const expected = isUpToNow(freshness) ? row.expectedSoFar : null;
  const isUntouched = net === 0n && row.orders === 0 && row.otherCurrencies.length === 0;
  const rest = row.landing === null ? 0 : row.landing.p50 - Number(net);
  const dayExpected = (row.expectedSoFar?.p50 ?? 0) + rest;
  const isEarly = hasNotBegun(row.expectedSoFar, row.landing);
  const isOver = isUpToNow(freshness) && hasEnded(net, row.landing, freshness.state === "closed");
  const phase = isUntouched && isEarly ? "beforeOpening" : isOver ? "closed" : "trading";
  return {
    storeId: row.storeId,
    name: row.name,
    timeZone: row.timeZone,
    currency: row.currency,
    businessDate: row.businessDate,
    lastSalesDate: row.lastSalesDate,
    net,
    orders: row.orders,
    open: row.open,
    otherCurrencies: row.otherCurrencies,
    expected,
    landing: phase === "closed" ? null : row.landing,
    lastWeekSoFar: row.lastWeekSoFar === null ? null : BigInt(row.lastWeekSoFar),
    forecastReason: isEnough ? null : tooLittleKnown(row.daysKnown),
    daysKnown: row.daysKnown,
    freshness,
    phase,
    dataUntil,
    asOf: now,
    cut,
    hours: null,
    deviation: isUntouched && isEarly ? undefined : deviationOf(net, expected, dayExpected),
    half: null,
    now,
  };
}

/** A store that has sold nothing for longer than this is told by its last sales. */
const IDLE_DAYS = 7;

/** "Last sales 31 Dec 2015" of a store that has been idle for days; undefined of all others. */
export function idleText({ lastSalesDate, businessDate }: StoreRow): string | undefined {
  if (lastSalesDate === null || daysBetween(lastSalesDate, businessDate) <= IDLE_DAYS) {
    return undefined;
  }
  return text("stores.lastSales", { date: shortDate(lastSalesDate) });
}

const listOf = new Intl.ListFormat(locale);

/** "Also $12.50, apart from these figures" where a store sold in other currencies too. */
export function otherCurrenciesText({ otherCurrencies }: StoreRow): string | undefined {
  if (otherCurrencies.length === 0) return undefined;
  const amounts = otherCurrencies.map(({ net, currency }) => exactMoney(net, currency));
  return text("stores.otherCurrencies", { amounts: listOf.format(amounts) });
}

function hasNotBegun(expected: Expectation | null, landing: Expectation | null): boolean {
  if (expected === null || landing === null) return false;
  return expected.p50 <= landing.p50 * BEGUN_SHARE;
}

/** A till may close for the afternoon; a day is over when next to nothing more is expected of it. */
function hasEnded(net: bigint, landing: Expectation | null, isTillClosed: boolean): boolean {
  if (landing === null || landing.p50 <= 0) return isTillClosed && net !== 0n;
  return landing.p50 - Number(net) <= landing.p50 * (isTillClosed ? CLOSED_SHARE : BEGUN_SHARE);
}

/** The rows of the list; currencies that stand in it side by side are told apart from then on. */
export function storeRows(overview: Overview | undefined, cut: Cut | null): StoreRow[] {
  const stores = overview?.stores ?? [];
  tellApart(stores.map(({ currency }) => currency));
  return stores.map((row) => storeRow(row, overview?.serverTime ?? 0, cut));
}

/** Net of one currency over its stores; amounts of different currencies are never added. */
export interface CurrencyTotal {
  readonly currency: string;
  readonly net: bigint;
  readonly stores: number;
}

/** One total per currency, the one with most stores first. */
export function totalsByCurrency(rows: readonly StoreRow[]): CurrencyTotal[] {
  const totals = new Map<string, CurrencyTotal>();
  for (const { currency, net } of rows) {
    const known = totals.get(currency) ?? { currency, net: 0n, stores: 0 };
    totals.set(currency, { currency, net: known.net + net, stores: known.stores + 1 });
  }
  return [...totals.values()].sort(
    (a, b) => b.stores - a.stores || a.currency.localeCompare(b.currency),
  );
}
