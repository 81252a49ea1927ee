import { businessDateOf, countedAtOf, daysBetween, type Numbering } from "@tillcast/schemas";
import type { StoreContext } from "../../orders/order-context.ts";
import type { OpenedImport, OrderRow, OrderSaid } from "./import-profile.ts";

/** How many numbers must repeat before a numbering is learnt. Fewer may be typing errors. */
export const LEARNT_FROM_MIN_COUNT = 3;

/** Days without a sale between two that have some, and that files still cover: a shop's week of holidays. */
export const GAP_MAX_DAYS = 7;

/** What the first pass over the rows finds before any order is built. */
export interface OrderSurvey {
  /** Rows of each order, by its number. */
  readonly rows: ReadonlyMap<string, number>;
  /** Business dates on which the files have sales, sorted. */
  readonly dates: readonly string[];
  /** Numbers that repeat on another day or register. With `unknown` numbering they are two pictures of one order. */
  readonly comingBack: readonly NumberComingBack[];
}

/** A number with several openings. */
export interface NumberComingBack {
  readonly orderId: string;
  readonly openings: readonly Opening[];
}

interface Opening {
  /** The business date of the opening. */
  readonly day: string;
  readonly openedAt: string;
  readonly registerId: string | undefined;
}

interface SeenNumber {
  rows: number;
  readonly openings: Opening[];
}

type StoreTimes = Pick<StoreContext, "timeZone" | "closeouts" | "countedWhen">;

/** Makes the first pass over the rows. */
export async function surveyOrders(
  opened: OpenedImport,
  store: StoreTimes,
  onBytes?: (bytes: number) => void,
): Promise<OrderSurvey> {
  const numbers = new Map<string, SeenNumber>();
  const dates = new Set<string>();
  for await (const row of opened.rows(onBytes)) {
    if (row.kind === "note" || row.orderId === null) continue;
    const seen = numbers.get(row.orderId) ?? { rows: 0, openings: [] };
    numbers.set(row.orderId, seen);
    seen.rows += 1;
    if (row.kind === "row") seeRow(row, seen, dates, store);
  }
  const comingBack = [...numbers].flatMap(([orderId, { openings }]) =>
    openings.length > 1 ? [{ orderId, openings }] : [],
  );
  const rows = new Map([...numbers].map(([orderId, seen]) => [orderId, seen.rows]));
  return { rows, dates: [...dates].sort(), comingBack };
}

/**
 * The numbering that the files prove: per day, if enough numbers repeat on other days and each is opened once a
 * day. Undefined if they prove none.
 */
export function learntNumbering({ comingBack }: OrderSurvey): Numbering | undefined {
  const onOtherDays = comingBack.filter(({ openings }) => daysOf(openings) > 1);
  if (onOtherDays.length < LEARNT_FROM_MIN_COUNT) return undefined;
  const fits = comingBack.every(({ openings }) => daysOf(openings) === openings.length);
  return fits ? "per_day" : undefined;
}

/** Splits sorted business dates into periods without a long gap. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/**
 * The periods that files cover. A single error such as a wrong year makes a period of its own, and not one over all
 * the years in between.
 */
export function periodsOf(dates: readonly string[]): readonly Period[] {
  const periods: Period[] = [];
  for (const date of dates) {
    const last = periods.at(-1);
    if (last === undefined || daysBetween(last.to, date) > GAP_MAX_DAYS + 1) {
      periods.push({ from: date, to: date });
    } else periods[periods.length - 1] = { from: last.from, to: date };
  }
  return periods;
}

/** The business date that distinguishes an order's number from the same number of another day. */
export function numberDayOf(said: OrderSaid, store: StoreTimes): string | undefined {
  if (said.businessDate !== undefined) return said.businessDate;
  if (said.openedAt === undefined) return undefined;
  return businessDateOf(Date.parse(said.openedAt), store.timeZone, store.closeouts);
}

function seeRow(row: OrderRow, seen: SeenNumber, dates: Set<string>, store: StoreTimes): void {
  const { openedAt, registerId } = row.order;
  if (openedAt === undefined) return;
  const { openings } = seen;
  const known = openings.find(
    (one) => one.openedAt === openedAt && one.registerId === (registerId ?? one.registerId),
  );
  if (known !== undefined) return;
  dates.add(countedDateOf(row.order, openedAt, store));
  // A return on a later day has the number of its sale.
  if (row.isTakenBack === true) return;
  const day = numberDayOf(row.order, store) as string;
  openings.push({ day, openedAt, registerId: registerId ?? undefined });
}

function countedDateOf(said: OrderSaid, openedAt: string, store: StoreTimes): string {
  if (said.businessDate !== undefined) return said.businessDate;
  const instant = (text: string | null | undefined) => (text ? Date.parse(text) : undefined);
  const dated = {
    status: said.status ?? "closed",
    openedAt: Date.parse(openedAt),
    closedAt: instant(said.closedAt),
    paidAt: instant(said.paidAt),
    // Payments of a file are at the instants above.
    payments: [],
    totals: { total: 0n },
  };
  const countedAt = countedAtOf(dated, store.countedWhen) ?? dated.openedAt;
  return businessDateOf(countedAt, store.timeZone, store.closeouts);
}

function daysOf(openings: readonly Opening[]): number {
  return new Set(openings.map(({ day }) => day)).size;
}
