import { HOUR_MS } from "@tillcast/schemas";
import { describe, expect, test } from "vitest";
import { localDayStarts, localHourEndOf } from "./day-starts.ts";

const at = (text: string) => Date.parse(text);
const lengthsInHours = (starts: readonly number[]) =>
  starts.slice(1).map((start, index) => (start - (starts[index] as number)) / HOUR_MS);

describe("local days", () => {
  test("have 23 and 25 hours where the clock changes", () => {
    const spring = { startMs: at("2026-03-27T23:00Z"), endMs: at("2026-03-30T22:00Z") };
    expect(lengthsInHours(localDayStarts(spring, "Europe/Berlin"))).toEqual([24, 23, 24]);
    const autumn = { startMs: at("2026-10-24T22:00Z"), endMs: at("2026-10-25T23:00Z") };
    expect(lengthsInHours(localDayStarts(autumn, "Europe/Berlin"))).toEqual([25]);
  });

  test("count only where they start in the range", () => {
    const range = { startMs: at("2026-03-01T00:00Z"), endMs: at("2026-03-03T00:00Z") };
    const starts = localDayStarts(range, "America/New_York").map((ms) =>
      new Date(ms).toISOString(),
    );
    expect(starts).toEqual([
      "2026-03-01T05:00:00.000Z",
      "2026-03-02T05:00:00.000Z",
      "2026-03-03T05:00:00.000Z",
    ]);
    expect(localDayStarts({ startMs: 1, endMs: 2 }, "Europe/Berlin")).toEqual([]);
  });

  test("a date that the zone skips is no day", () => {
    const range = { startMs: at("2011-12-29T10:00Z"), endMs: at("2011-12-31T10:00Z") };
    expect(lengthsInHours(localDayStarts(range, "Pacific/Apia"))).toEqual([24, 24]);
  });
});

describe("local hours", () => {
  test("end an hour later, or sooner where the clock changes by half an hour", () => {
    const plain = at("2026-01-01T00:30Z");
    expect(localHourEndOf(plain, "Asia/Kolkata") - plain).toBe(HOUR_MS);
    // Lord Howe goes back from 02:00 to 01:30: the hour at 01:30 is repeated by half.
    const repeated = at("2026-04-04T15:00Z");
    expect(localHourEndOf(repeated, "Australia/Lord_Howe") - repeated).toBe(HOUR_MS / 2);
  });
});
