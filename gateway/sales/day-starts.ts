import {
  addDays,
  type Bounds,
  localDateOf,
  localHourStartOf,
  localMidnightMs,
  WINDOW_MS,
} from "@tillcast/schemas";

/**
 * The instants at which local calendar days start, of all days whose start lies in `[startMs, endMs)`,
 * and one more at which the last of them ends. Empty where no day starts.
 */
export function localDayStarts(range: Bounds, zone: string): number[] {
  let date = localDateOf(range.startMs, zone);
  if (localMidnightMs(date, zone) < range.startMs) date = addDays(date, 1);
  const starts: number[] = [];
  let startMs = localMidnightMs(date, zone);
  while (startMs < range.endMs) {
    // A zone that skips a date (Apia, 2011-12-30) has two dates at one instant; the day is the later.
    if (starts.at(-1) !== startMs) starts.push(startMs);
    date = addDays(date, 1);
    startMs = localMidnightMs(date, zone);
  }
  return starts.length === 0 ? [] : [...starts, startMs];
}

/** The instant at which the local hour that starts at `hourMs` ends; short where the clock changes. */
export function localHourEndOf(hourMs: number, zone: string): number {
  let endMs = hourMs + WINDOW_MS;
  while (localHourStartOf(endMs, zone) === hourMs) endMs += WINDOW_MS;
  return endMs;
}
