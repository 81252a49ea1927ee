import { businessDateOf, businessDayBounds, type CloseoutHistory } from "./business-date.ts";
import { addDays } from "./dates.ts";

/**
 * The zones of a store, sorted by `effectiveFrom`. An entry holds from the start of its business date on, told
 * in its own zone; the first also holds for all dates before it.
 */
export type ZoneHistory = readonly {
  /** First business date, YYYY-MM-DD, in this zone. */
  readonly effectiveFrom: string;
  readonly timeZone: string;
}[];

/** A business date and the zone that it is told in. */
export interface ZonedDate {
  readonly businessDate: string;
  readonly timeZone: string;
}

/**
 * The business date of an instant (UTC milliseconds) at a store whose zone has changed. Dates still tile time:
 * the last one of the old zone is as much longer or shorter as the clocks are apart. At least one entry.
 */
export function zonedDateOf(
  instantMs: number,
  zones: ZoneHistory,
  closeouts: CloseoutHistory,
): ZonedDate {
  let at = zones.length - 1;
  while (at > 0 && instantMs < startOf(zones[at] as ZoneHistory[number], closeouts)) at -= 1;
  const entry = zones[at];
  if (entry === undefined) throw new RangeError("a zone history has no entry");
  const { timeZone } = entry;
  const businessDate = businessDateOf(instantMs, timeZone, closeouts);
  const next = zones[at + 1];
  if (next === undefined || businessDate < next.effectiveFrom) return { businessDate, timeZone };
  return { businessDate: addDays(next.effectiveFrom, -1), timeZone };
}

function startOf(
  { effectiveFrom, timeZone }: ZoneHistory[number],
  closeouts: CloseoutHistory,
): number {
  return businessDayBounds(effectiveFrom, timeZone, closeouts).startMs;
}
