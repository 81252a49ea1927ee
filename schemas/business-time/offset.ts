import { DAY_MS, MINUTE_MS } from "./dates.ts";

/** Zones remembered at once; the tz database has about 600 names, so only junk would be dropped. */
const ZONES_MAX = 1024;

/** UTC days remembered per zone, a power of two (5.6 years, 16 kB); a later day takes a slot over. */
const DAYS_MAX = 2048;

/** The offsets of the clock before and after its one change within a UTC day. */
interface Change {
  readonly atMs: number;
  readonly beforeMs: number;
  readonly afterMs: number;
}

/**
 * What is known of a zone: per UTC day either the one offset in force all day or a change. A day is
 * fine enough, since no two changes of any zone since 1970 are closer than 167 hours.
 */
interface ZoneDays {
  readonly wallClock: Intl.DateTimeFormat;
  readonly days: Int32Array;
  readonly offsetsMs: Int32Array;
  readonly changes: Map<number, Change>;
}

const NO_DAY = 0x7fff_ffff;
const CHANGES = 0x7fff_ffff;
const earliestMs = Date.UTC(1000, 0, 1);
const latestMs = Date.UTC(9999, 11, 31);

const zones = new Map<string, ZoneDays>();
let lastZone = "";
let lastDays: ZoneDays | undefined;

/**
 * Minutes that the zone's clocks are ahead of UTC at an instant (UTC milliseconds); fractions of a
 * minute occur only before 1972. Throws a RangeError for an unknown zone.
 */
export function offsetMinutesAt(instantMs: number, zone: string): number {
  return offsetMsAt(instantMs, zone) / MINUTE_MS;
}

/** Milliseconds that the zone's clocks are ahead of UTC at an instant of the years 1000 to 9999. */
export function offsetMsAt(instantMs: number, zone: string): number {
  const known = zone === lastZone && lastDays !== undefined ? lastDays : daysOfZone(zone);
  const day = Math.floor(instantMs / DAY_MS);
  const slot = day & (DAYS_MAX - 1);
  if (known.days[slot] !== day) learnDay(known, day, slot);
  const offsetMs = known.offsetsMs[slot] as number;
  if (offsetMs !== CHANGES) return offsetMs;
  const change = known.changes.get(day) as Change;
  return instantMs < change.atMs ? change.beforeMs : change.afterMs;
}

function daysOfZone(zone: string): ZoneDays {
  let known = zones.get(zone);
  if (known === undefined) {
    known = {
      wallClock: wallClockOf(zone),
      days: new Int32Array(DAYS_MAX).fill(NO_DAY),
      offsetsMs: new Int32Array(DAYS_MAX),
      changes: new Map(),
    };
    if (zones.size >= ZONES_MAX) zones.clear();
    zones.set(zone, known);
  }
  lastZone = zone;
  lastDays = known;
  return known;
}

function learnDay(known: ZoneDays, day: number, slot: number): void {
  const startMs = day * DAY_MS;
  if (!(startMs >= earliestMs && startMs <= latestMs)) {
    throw new RangeError(`not an instant of the years 1000 to 9999: ${startMs}`);
  }
  const beforeMs = readOffsetMs(known.wallClock, startMs);
  const afterMs = readOffsetMs(known.wallClock, startMs + DAY_MS);
  known.changes.delete(known.days[slot] as number);
  if (beforeMs !== afterMs) {
    known.changes.set(day, { atMs: findChange(known.wallClock, startMs), beforeMs, afterMs });
  }
  known.offsetsMs[slot] = beforeMs === afterMs ? beforeMs : CHANGES;
  known.days[slot] = day;
}

/** The first instant, to the second, at which the offset is no longer that of the day's start. */
function findChange(wallClock: Intl.DateTimeFormat, startMs: number): number {
  const beforeMs = readOffsetMs(wallClock, startMs);
  let low = 0;
  let high = DAY_MS / 1000;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (readOffsetMs(wallClock, startMs + middle * 1000) === beforeMs) low = middle;
    else high = middle;
  }
  return startMs + high * 1000;
}

function wallClockOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
}

/** Reads the wall clock at a whole second (about 1 µs) and compares it with UTC. */
function readOffsetMs(wallClock: Intl.DateTimeFormat, instantMs: number): number {
  const [month, day, year, hour, minute, second] = wallClock
    .format(instantMs)
    .split(/\D+/)
    .map(Number) as [number, number, number, number, number, number];
  return Date.UTC(year, month - 1, day, hour, minute, second) - instantMs;
}
