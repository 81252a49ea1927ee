import { localHourStartOf, WINDOW_MS } from "@tillcast/schemas/browser";
import type { DayPicture } from "./day-picture.ts";
import type { Bucket } from "./local-hours.ts";

/** Shown where nothing is known of a day's hours. */
const WHOLE_DAY: readonly number[] = [];

/**
 * The part of the business day worth drawing: whole local hours around everything that is expected or
 * was sold, within the day. A restaurant's night is empty, and would take half of the chart.
 */
export function tradingSpan(picture: DayPicture): Bucket {
  const { dayStart, dayEnd, timeZone, hours, quarters, lastWeek } = picture;
  const known = [
    ...(hours === null ? WHOLE_DAY : [hours.from, hours.to - WINDOW_MS]),
    ...[...quarters.values()].filter(({ net }) => net !== 0n).map(({ start }) => start),
    ...(hours === null ? soldLastWeek(lastWeek) : []),
  ];
  if (known.length === 0) return { start: dayStart, end: dayEnd };
  const first = localHourStartOf(Math.min(...known), timeZone);
  const last = Math.max(...known) + WINDOW_MS;
  const end = hourEndOf(last, timeZone);
  return { start: Math.max(first, dayStart), end: Math.min(end, dayEnd) };
}

function soldLastWeek(lastWeek: ReadonlyMap<number, bigint>): number[] {
  return [...lastWeek].filter(([, net]) => net !== 0n).map(([start]) => start);
}

function hourEndOf(instant: number, timeZone: string): number {
  let end = instant;
  while (localHourStartOf(end, timeZone) !== end) end += WINDOW_MS;
  return end;
}
