import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import type { CloseoutHistory } from "../business-date.ts";
import { addDays } from "../dates.ts";

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

/** A zone and an instant of 1990 to 2040, half of the time within 30 hours of a change of its clock. */
export const moments: fc.Arbitrary<{ zone: string; instantMs: number }> = fc
  .tuple(
    zones,
    fc.integer({ min: fromMs, max: untilMs }),
    fc.integer({ min: -30, max: 30 }),
    fc.boolean(),
  )
  .chain(([zone, randomMs, hours, isNear]) => {
    const changeMs = isNear ? nextChangeMs(zone, randomMs) : undefined;
    const atMs = changeMs === undefined ? randomMs : changeMs + hours * 3_600_000;
    const spreadMs = changeMs === undefined ? 0 : 3_600_000;
    return fc
      .integer({ min: atMs - spreadMs, max: atMs + spreadMs })
      .map((instantMs) => ({ zone, instantMs }));
  });

/** One to three closeouts that take effect within a few days of a date. */
export function closeoutsNear(date: string): fc.Arbitrary<CloseoutHistory> {
  const closeout = fc.record({
    days: fc.integer({ min: -4, max: 4 }),
    closeoutMinute: fc.oneof(
      fc.constantFrom(0, 1, 60, 90, 120, 150, 240, 1380, 1410, 1439),
      fc.integer({ min: 0, max: 1439 }),
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
