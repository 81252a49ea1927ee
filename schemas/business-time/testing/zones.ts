import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import type { CloseoutHistory } from "../business-date.ts";
import { addDays, HOUR_MS } from "../dates.ts";

/** Every zone that the engine lists, and some names that it knows only as links. */
export const allZones: readonly string[] = [
  ...Intl.supportedValuesOf("timeZone"),
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Etc/GMT+2",
  "UTC",
];

/** Zones that have broken calendars: half hours, skipped dates, two-hour shifts, changes at midnight. */
export const hardZones: readonly string[] = [
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Caracas",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Antarctica/Troll",
  "Asia/Gaza",
  "Asia/Kathmandu",
  "Asia/Kolkata",
  "Asia/Pyongyang",
  "Asia/Tehran",
  "Atlantic/Azores",
  "Australia/Eucla",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Pacific/Chatham",
  "Pacific/Kiritimati",
  "Pacific/Kwajalein",
];

/** Seed of this run's samples; `TEST_SEED` in the environment repeats a run. */
export const seed: number = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);
console.info(`business-time properties: TEST_SEED=${seed}`);

const fromMs = Date.UTC(1990, 0, 1);
const untilMs = Date.UTC(2040, 0, 1);

/** A hard zone as often as any other. */
export const zones: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hardZones),
  fc.constantFrom(...allZones),
);

/** A zone and an instant of 1990 to 2040, two times of three close to a change of the zone's clock. */
export const moments: fc.Arbitrary<{ zone: string; instantMs: number }> = fc
  .tuple(
    zones,
    fc.integer({ min: fromMs, max: untilMs }),
    fc.constantFrom(undefined, 2 * HOUR_MS, 30 * HOUR_MS),
  )
  .chain(([zone, randomMs, nearMs]) => {
    const changeMs = nearMs === undefined ? undefined : nextChangeMs(zone, randomMs);
    if (nearMs === undefined || changeMs === undefined) {
      return fc.constant({ zone, instantMs: randomMs });
    }
    return fc
      .integer({ min: changeMs - nearMs, max: changeMs + nearMs })
      .map((instantMs) => ({ zone, instantMs }));
  });

/** One to three closeouts that take effect within a few days of a date, half of them near a minute. */
export function closeoutsNear(date: string, minuteOfDay: number): fc.Arbitrary<CloseoutHistory> {
  const closeout = fc.record({
    days: fc.integer({ min: -4, max: 4 }),
    closeoutMinute: fc.oneof(
      fc.constantFrom(0, 1, 240, 1439),
      fc.integer({ min: 0, max: 1439 }),
      fc.integer({ min: -90, max: 90 }).map((minutes) => (minuteOfDay + minutes + 1440) % 1440),
      fc.integer({ min: -90, max: 90 }).map((minutes) => (minuteOfDay + minutes + 1440) % 1440),
    ),
  });
  return fc
    .uniqueArray(closeout, { minLength: 1, maxLength: 3, selector: (entry) => entry.days })
    .map((entries) =>
      entries
        .toSorted((a, b) => a.days - b.days)
        .map(({ days, closeoutMinute }) => ({
          effectiveFrom: addDays(date, days),
          closeoutMinute,
        })),
    );
}

/** The instant as Temporal sees it: the plain definition that the fast path is held against. */
export function zoned(instantMs: number, zone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(zone);
}

function nextChangeMs(zone: string, instantMs: number): number | undefined {
  const change = zoned(instantMs, zone).getTimeZoneTransition("next");
  return change === null || change.epochMilliseconds > untilMs
    ? undefined
    : change.epochMilliseconds;
}
