/**
 * Reads a file of sales as one store: a header, then one sale a line. The column `time` (or
 * `datetime`, `occurred_at`) holds an ISO date and time; with an offset or `Z` it is an instant,
 * without one it is the store's local time. The column `amount` (or `total`, `net`) holds a decimal
 * number. Sales before 04:00 belong to the business day before.
 */
import { createReadStream } from "node:fs";
import { basename, extname } from "node:path";
import { addDays, dateOfEpochDay, epochDayOf, isTimeZone, offsetMsAt } from "@tillcast/schemas";
import { parse } from "csv-parse";
import { type HourSales, learnSeries } from "../learn-series.ts";
import type { Series } from "../series.ts";

const timeColumns = ["time", "datetime", "occurred_at"] as const;
const amountColumns = ["amount", "total", "net"] as const;
const firstHour = 4;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Reads the file; throws with the line's number when a sale cannot be read. */
export async function readSalesCsv(path: string, timeZone: string): Promise<Series> {
  if (!isTimeZone(timeZone)) throw new RangeError(`${timeZone} is not an IANA time zone.`);
  const sums = new Map<string, HourSales>();
  const rows = createReadStream(path).pipe(
    parse({
      columns: (names: string[]) => names.map((name) => name.trim().toLowerCase()),
      bom: true,
      skip_empty_lines: true,
      trim: true,
      info: true,
    }),
  );
  let firstDate: string | undefined;
  let lastDate: string | undefined;
  for await (const { record, info } of rows) {
    const { businessDate, hour, amount } = parseSale(record, info.lines, timeZone);
    const key = `${businessDate}/${hour}`;
    const before = sums.get(key)?.amount ?? 0;
    sums.set(key, { businessDate, hour, amount: before + amount });
    if (firstDate === undefined || businessDate < firstDate) firstDate = businessDate;
    if (lastDate === undefined || businessDate > lastDate) lastDate = businessDate;
  }
  const key = basename(path, extname(path));
  const place = { key, timeZone, currency: "XXX", firstHour, holidays: new Set<string>() };
  const series =
    firstDate && lastDate && learnSeries(place, sums.values(), firstDate, addDays(lastDate, 1));
  if (!series) throw new Error(`${path} holds no sales.`);
  return series;
}

function parseSale(record: Record<string, string>, line: number, timeZone: string): HourSales {
  const timeText = textOf(record, timeColumns, line);
  const amountText = textOf(record, amountColumns, line);
  const amount = Number(amountText);
  if (amountText === "" || !Number.isFinite(amount)) {
    throw new Error(`Line ${line}: "${amountText}" is not an amount.`);
  }
  const localMs = localMsOf(timeText, timeZone);
  if (localMs === undefined)
    throw new Error(`Line ${line}: "${timeText}" is not an ISO date and time.`);
  const businessMs = localMs - firstHour * hourMs;
  return {
    businessDate: dateOfEpochDay(Math.floor(businessMs / dayMs)),
    hour: new Date(localMs).getUTCHours(),
    amount,
  };
}

function textOf(record: Record<string, string>, names: readonly string[], line: number): string {
  const name = names.find((candidate) => candidate in record);
  if (name === undefined) {
    throw new Error(`Line ${line}: none of the columns ${names.join(", ")} is there.`);
  }
  return record[name] as string;
}

const isoTime =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** The wall clock's time as milliseconds that it would be in UTC. */
function localMsOf(text: string, timeZone: string): number | undefined {
  const match = isoTime.exec(text);
  if (match === null) return undefined;
  const [, date, hour, minute, second = "0", offset] = match as unknown as string[];
  const wallMs =
    epochDayOf(date as string) * dayMs +
    Number(hour) * hourMs +
    Number(minute) * 60_000 +
    Number(second) * 1000;
  if (offset === undefined) return wallMs;
  const instantMs = wallMs - offsetMs(offset);
  return instantMs + offsetMsAt(instantMs, timeZone);
}

function offsetMs(offset: string): number {
  if (offset === "Z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
  return (offset.startsWith("-") ? -1 : 1) * minutes * 60_000;
}
