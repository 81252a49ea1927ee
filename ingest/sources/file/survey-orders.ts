import { businessDateOf, countedAtOf, daysBetween, type Numbering } from "@tillcast/schemas";
import type { StoreStamp } from "../../orders/stamp-context.ts";
import type { OpenedImport, OrderRow, OrderSaid } from "./import-profile.ts";

/** Numbers that must come back before a numbering is learnt from them: fewer may be slips of the pen. */
export const LEARNT_FROM_MIN_COUNT = 3;

/** Days without a sale between two that have some, and that files still cover: a shop's week of holidays. */
export const GAP_MAX_DAYS = 7;

/** What a first walk over the rows learns before any order is built. */
export interface OrderSurvey {
  /** Rows of each order, by its number. */
  readonly rows: ReadonlyMap<string, number>;
  /** Business dates on which the files have sales, sorted. */
  readonly dates: readonly string[];
  /** Numbers that come back on another day or at another register, by `unknown` numbering two pictures of one. */
  readonly comingBack: readonly NumberComingBack[];
}

/** A number with more than one opening. */
export interface NumberComingBack {
  readonly orderId: string;
  readonly openings: readonly Opening[];
}

interface Opening {
  /** Business date of the opening. */
  readonly day: string;
  readonly openedAt: string;
  readonly registerId: string | undefined;
}

interface SeenNumber {
  rows: number;
  readonly openings: Opening[];
}

type Stamp = Pick<StoreStamp, "timeZone" | "closeouts" | "countedWhen">;

/** Walks over the rows once. */
export async function surveyOrders(
  opened: OpenedImport,
  store: Stamp,
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
 * The numbering that the files prove: per day where enough numbers come back on other days, and each of them
 * is opened once a day. Undefined where they prove none.
 */
export function learntNumbering({ comingBack }: OrderSurvey): Numbering | undefined {
  const onOtherDays = comingBack.filter(({ openings }) => daysOf(openings) > 1);
  if (onOtherDays.length < LEARNT_FROM_MIN_COUNT) return undefined;
  const fits = comingBack.every(({ openings }) => daysOf(openings) === openings.length);
  return fits ? "per_day" : undefined;
}

/** Stretches of business dates without a long gap, from sorted dates. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/**
 * The dates that files cover. A single slip such as a wrong year makes a stretch of its own, and not one that
 * reaches over all the years between.
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

/** The business date by which an order's number is told from the same number of another day. */
export function numberDayOf(said: OrderSaid, store: Stamp): string | undefined {
  if (said.businessDate !== undefined) return said.businessDate;
  if (said.openedAt === undefined) return undefined;
  return businessDateOf(Date.parse(said.openedAt), store.timeZone, store.closeouts);
}

function seeRow(row: OrderRow, seen: SeenNumber, dates: Set<string>, store: Stamp): void {
  const { openedAt, registerId } = row.order;
  if (openedAt === undefined) return;
  const { openings } = seen;
  const known = openings.find(
    (one) => one.openedAt === openedAt && one.registerId === (registerId ?? one.registerId),
  );
  if (known !== undefined) return;
  dates.add(countedDateOf(row.order, openedAt, store));
  // What goes back on a later day stands under the number of its sale.
  if (row.isTakenBack === true) return;
  const day = numberDayOf(row.order, store) as string;
  openings.push({ day, openedAt, registerId: registerId ?? undefined });
}

function countedDateOf(said: OrderSaid, openedAt: string, store: Stamp): string {
  if (said.businessDate !== undefined) return said.businessDate;
  const instant = (text: string | null | undefined) => (text ? Date.parse(text) : undefined);
  const dated = {
    status: said.status ?? "closed",
    openedAt: Date.parse(openedAt),
    closedAt: instant(said.closedAt),
    paidAt: instant(said.paidAt),
    // A file tells of payments at the instants above.
    payments: [],
    totals: { total: 0n },
  };
  const countedAt = countedAtOf(dated, store.countedWhen) ?? dated.openedAt;
  return businessDateOf(countedAt, store.timeZone, store.closeouts);
}

function daysOf(openings: readonly Opening[]): number {
  return new Set(openings.map(({ day }) => day)).size;
}
