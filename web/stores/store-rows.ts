import { daysBetween, type Expectation, type OverviewRow } from "@tillcast/schemas/browser";
import { locale } from "../format/locale.ts";
import { exactMoney } from "../format/numbers.ts";
import { shortDate } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import { type Deviation, deviationOf } from "../live/deviation.ts";
import { isUpToNow, storeFreshness } from "../live/freshness.ts";
import type { Standing } from "../live/sentence.ts";

/** One store of the list, as far as a sentence can be made of it. */
export interface StoreRow extends Standing {
  readonly storeId: string;
  readonly name: string;
  readonly open: OverviewRow["open"];
  readonly otherCurrencies: OverviewRow["otherCurrencies"];
  readonly deviation: Deviation | undefined;
  /** The list's moment, by the server's clock. */
  readonly now: number;
}

/** Less than this share of the day being expected by now means that trading has not begun. */
const BEGUN_SHARE = 0.01;

/** What the list shows of a store. */
export function storeRow(row: OverviewRow, now: number): StoreRow {
  const net = BigInt(row.net);
  const freshness = storeFreshness(row.feeds);
  const dataUntil = isUpToNow(freshness) ? now : Math.min(freshness.dataUntil ?? now, now);
  // The expectation reaches to the present; against data that does not, it would call late sales low.
  const expected = isUpToNow(freshness) ? row.expectedSoFar : null;
  const isUntouched = net === 0n && row.orders === 0 && row.otherCurrencies.length === 0;
  const isEarly = hasNotBegun(row.expectedSoFar, row.landing);
  const phase =
    isUntouched && isEarly ? "beforeOpening" : freshness.state === "closed" ? "closed" : "trading";
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
    landing: row.landing,
    lastWeekSoFar: row.lastWeekSoFar === null ? null : BigInt(row.lastWeekSoFar),
    forecastReason: null,
    freshness,
    phase,
    dataUntil,
    hours: null,
    deviation: isUntouched && isEarly ? undefined : deviationOf(net, expected),
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
