/**
 * Learns a store's series from what it sold: which hours it trades in, on which weekdays, and on
 * which days it was shut. A shut hour is no zero, neither as history nor as a forecast.
 */
import { addDays, daysBetween, epochDayOf } from "@tillcast/schemas";
import { type Series, weekdayOf } from "./series.ts";

/** What a store sold in one local hour of one business day. */
export interface HourSales {
  readonly businessDate: string;
  /** The local clock hour, 0 to 23. */
  readonly hour: number;
  readonly amount: number;
}

/** What is known of a store beside its sales. */
export interface SeriesPlace {
  readonly key: string;
  readonly timeZone: string;
  readonly currency: string;
  /** The local hour in which the business day begins; orders the hours. */
  readonly firstHour: number;
  readonly holidays: ReadonlySet<string>;
}

/** Weeks that decide when a store is open now. */
const learntWeeks = 8;
/** An hour is an opening hour if it sold on at least this share of its weekday's trading days. */
const openShareMin = 0.2;
/** A weekday or an hour has ended where chance would leave it without sales so long less often than this. */
const endedChanceMax = 0.01;
const endedMinCount = 3;
/** A store that trades on none of so many days was shut, which says nothing about its weekdays. */
const shutDays = 7;
const hoursOfDay = 24;

/**
 * Builds the series of the business dates `[fromDate, toDate)`. Returns `undefined` when nothing
 * was sold in them. Days before the first sale are left out.
 */
export function learnSeries(
  place: SeriesPlace,
  sales: Iterable<HourSales>,
  fromDate: string,
  toDate: string,
): Series | undefined {
  const grid = fillGrid(
    sales,
    place.firstHour,
    fromDate,
    Math.max(0, daysBetween(fromDate, toDate)),
  );
  const firstRow = grid.traded.indexOf(1);
  if (firstRow === -1) return undefined;
  const firstDate = addDays(fromDate, firstRow);
  const dayCount = grid.traded.length - firstRow;
  const values = grid.values.subarray(firstRow * hoursOfDay);
  const traded = grid.traded.subarray(firstRow);
  const dayMask = learnWeekMask(values, traded, epochDayOf(firstDate));
  const slots = Array.from({ length: hoursOfDay }, (_, slot) => slot).filter((slot) =>
    Array.from({ length: 7 }, (_, weekday) => weekday * hoursOfDay + slot).some(
      (cell) => dayMask[cell] === 1,
    ),
  );
  const weekMask = pickSlots(dayMask, 7, slots, Uint8Array);
  const open = new Uint8Array(dayCount * slots.length);
  for (let row = 0; row < dayCount; row++) {
    if (traded[row] !== 1) continue;
    const weekday = weekdayOf(epochDayOf(firstDate) + row);
    const mask = weekMask.subarray(weekday * slots.length, (weekday + 1) * slots.length);
    open.set(mask, row * slots.length);
  }
  return {
    key: place.key,
    timeZone: place.timeZone,
    currency: place.currency,
    grain: "hour",
    firstDate,
    dayCount,
    hours: slots.map((slot) => (slot + place.firstHour) % hoursOfDay),
    values: pickSlots(values, dayCount, slots, Float64Array).map((value, cell) =>
      open[cell] === 1 ? value : 0,
    ),
    open,
    weekMask,
    holidays: place.holidays,
  };
}

/** Sums sales into days x 24 slots, the business day's first hour first. */
function fillGrid(
  sales: Iterable<HourSales>,
  firstHour: number,
  fromDate: string,
  dayCount: number,
) {
  const values = new Float64Array(dayCount * hoursOfDay);
  const traded = new Uint8Array(dayCount);
  const firstDay = epochDayOf(fromDate);
  for (const { businessDate, hour, amount } of sales) {
    const row = epochDayOf(businessDate) - firstDay;
    if (row < 0 || row >= dayCount) continue;
    const cell = row * hoursOfDay + ((hour - firstHour + hoursOfDay) % hoursOfDay);
    values[cell] = (values[cell] as number) + amount;
    if (amount !== 0) traded[row] = 1;
  }
  return { values, traded };
}

/**
 * The opening hours by weekday over the last weeks. A weekday that traded on less than the least
 * share of its dates is a closing day; one not yet seen takes the hours of the other days.
 */
function learnWeekMask(values: Float64Array, traded: Uint8Array, firstDay: number): Uint8Array {
  const mask = new Uint8Array(7 * hoursOfDay);
  const isShut = longShut(traded);
  const from = Math.max(0, traded.length - 7 * learntWeeks);
  const anyDay = openSlots(
    values,
    rowsWhere(from, traded.length, (row) => traded[row] === 1),
  );
  for (let weekday = 0; weekday < 7; weekday++) {
    const dates = rowsWhere(
      from,
      traded.length,
      (row) => weekdayOf(firstDay + row) === weekday && isShut[row] !== 1,
    );
    const trading = dates.filter((row) => traded[row] === 1);
    if (dates.length === 0) mask.set(anyDay, weekday * hoursOfDay);
    else if (
      trading.length >= openShareMin * dates.length &&
      !hasEnded(dates.map((row) => traded[row] === 1))
    ) {
      mask.set(openSlots(values, trading), weekday * hoursOfDay);
    }
  }
  return mask;
}

function rowsWhere(from: number, to: number, wanted: (row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let row = from; row < to; row++) if (wanted(row)) rows.push(row);
  return rows;
}

function openSlots(values: Float64Array, rows: readonly number[]): Uint8Array {
  const least = Math.max(1, openShareMin * rows.length);
  return Uint8Array.from({ length: hoursOfDay }, (_, slot) => {
    const sold = rows.map((row) => (values[row * hoursOfDay + slot] as number) !== 0);
    return Number(sold.filter(Boolean).length >= least && !hasEnded(sold));
  });
}

/**
 * Says whether something that happened on earlier dates, oldest first, has ended: it was missing on the last ones for
 * longer than chance would let it. A weekday that always traded has ended after three dates without trade.
 */
export function hasEnded(happened: readonly boolean[]): boolean {
  const missing = happened.length - 1 - happened.lastIndexOf(true);
  const before = happened.slice(0, happened.length - missing);
  if (missing < endedMinCount || before.length === 0) return false;
  const share = (before.filter(Boolean).length + 1) / (before.length + 2);
  return (1 - share) ** missing < endedChanceMax;
}

/** 1 for the days of a closure of a week or more, such as a holiday of the whole shop. */
function longShut(traded: Uint8Array): Uint8Array {
  const shut = new Uint8Array(traded.length);
  let from = 0;
  for (let row = 0; row <= traded.length; row++) {
    if (row < traded.length && traded[row] !== 1) continue;
    if (row - from >= shutDays) shut.fill(1, from, row);
    from = row + 1;
  }
  return shut;
}

function pickSlots<Values extends Float64Array | Uint8Array>(
  cells: Values,
  rows: number,
  slots: readonly number[],
  make: new (length: number) => Values,
): Values {
  const picked = new make(rows * slots.length);
  for (let row = 0; row < rows; row++) {
    for (const [index, slot] of slots.entries()) {
      picked[row * slots.length + index] = cells[row * hoursOfDay + slot] as number;
    }
  }
  return picked;
}
