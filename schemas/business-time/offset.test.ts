import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { localDateOf, localMidnightMs, localMinuteOfDay } from "./local-time.ts";
import { offsetMinutesAt, offsetMsAt } from "./offset.ts";
import { moments, seed, zoned } from "./testing/zones.ts";

describe("offsets and local time", () => {
  test("the offset, the local date and the local minute are Temporal's at every instant", () => {
    fc.assert(
      fc.property(moments, ({ zone, instantMs }) => {
        const there = zoned(instantMs, zone);
        expect(offsetMinutesAt(instantMs, zone)).toBe(there.offsetNanoseconds / 60e9);
        expect(localDateOf(instantMs, zone)).toBe(there.toPlainDate().toString());
        expect(localMinuteOfDay(instantMs, zone)).toBe(there.hour * 60 + there.minute);
      }),
      { seed, numRuns: 500 },
    );
  });

  test("a local date begins at its midnight, or as much later as the clock skipped of it", () => {
    fc.assert(
      fc.property(moments, ({ zone, instantMs }) => {
        const date = zoned(instantMs, zone).toPlainDate();
        const midnight = date
          .toPlainDateTime()
          .toZonedDateTime(zone, { disambiguation: "compatible" });
        expect(localMidnightMs(date.toString(), zone)).toBe(midnight.epochMilliseconds);
      }),
      { seed, numRuns: 500 },
    );
  });

  test("the offset changes at the very second of the change", () => {
    const changeMs = Date.UTC(2007, 10, 4, 2, 31); // 00:01 in Newfoundland, back to 23:01.
    expect(offsetMinutesAt(changeMs - 1, "America/St_Johns")).toBe(-150);
    expect(offsetMinutesAt(changeMs, "America/St_Johns")).toBe(-210);
  });

  test("two instants that share a slot of the memory do not share an offset", () => {
    const [winterMs, summerMs] = [Date.UTC(2020, 0, 1), Date.UTC(2020, 0, 1) + 2048 * 86_400_000];
    for (let turn = 0; turn < 3; turn += 1) {
      expect(offsetMinutesAt(winterMs, "Europe/Berlin")).toBe(60);
      expect(offsetMinutesAt(summerMs, "Europe/Berlin")).toBe(120);
    }
  });

  test("unknown zones and instants that are none are refused", () => {
    expect(() => offsetMsAt(0, "Mars/Olympus")).toThrow(RangeError);
    expect(() => offsetMsAt(Number.NaN, "Europe/Paris")).toThrow(RangeError);
    expect(() => offsetMsAt(9e15, "Europe/Paris")).toThrow(RangeError);
  });
});
