import { DAY_MS, dateOfEpochDay, epochDayOf, MINUTE_MS } from "./dates.ts";
import { offsetMsAt } from "./offset.ts";

/** The local calendar date YYYY-MM-DD at an instant (UTC milliseconds). */
export function localDateOf(instantMs: number, zone: string): string {
  return dateOfEpochDay(Math.floor((instantMs + offsetMsAt(instantMs, zone)) / DAY_MS));
}

/** Minutes of the local wall clock since 00:00 at an instant: 0 to 1439. */
export function localMinuteOfDay(instantMs: number, zone: string): number {
  const localMs = instantMs + offsetMsAt(instantMs, zone);
  return Math.floor((localMs - Math.floor(localMs / DAY_MS) * DAY_MS) / MINUTE_MS);
}

/** The instant (UTC milliseconds) at which a local date begins; see `instantOfLocal` for skipped midnights. */
export function localMidnightMs(date: string, zone: string): number {
  return instantOfLocal(epochDayOf(date) * DAY_MS, zone);
}

/**
 * The instant of a local wall time, given as the milliseconds that it would be in UTC. A time that the
 * clock shows twice is the first of the two; a time that it skips is read with the offset before the
 * skip, so that it comes as much later as the clock jumped (Temporal's "compatible").
 */
export function instantOfLocal(localMs: number, zone: string): number {
  const before = offsetMsAt(localMs - DAY_MS, zone);
  const after = offsetMsAt(localMs + DAY_MS, zone);
  // An offset is at most 14 hours, and no zone changes twice within two days.
  if (before === after) return localMs - before;
  const early = localMs - before;
  if (offsetMsAt(early, zone) === before) return early;
  const late = localMs - after;
  return offsetMsAt(late, zone) === after ? late : early;
}
