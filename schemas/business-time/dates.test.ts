import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { addDays, dateOfEpochDay, dayOfWeek, daysBetween, epochDayOf, isDate } from "./dates.ts";

const firstDay = epochDayOf("1000-01-01");
const lastDay = epochDayOf("9999-12-31");
const epochDays = fc.integer({ min: firstDay, max: lastDay });

describe("dates", () => {
  test("they count and read as Temporal's, leap years and centuries included", () => {
    fc.assert(
      fc.property(epochDays, (day) => {
        const plain = Temporal.PlainDate.from("1970-01-01").add({ days: day });
        const date = dateOfEpochDay(day);
        expect(date).toBe(plain.toString());
        expect(epochDayOf(date)).toBe(day);
        expect(dayOfWeek(date)).toBe(plain.dayOfWeek);
      }),
    );
  });

  test("adding the days between two dates to the one gives the other", () => {
    fc.assert(
      fc.property(epochDays, epochDays, (from, to) => {
        const [a, b] = [dateOfEpochDay(from), dateOfEpochDay(to)];
        expect(daysBetween(a, b)).toBe(to - from);
        expect(addDays(a, daysBetween(a, b))).toBe(b);
      }),
    );
  });

  test("2026-11-21 is a Saturday, and the days around 29 February are in their places", () => {
    expect(dayOfWeek("2026-11-21")).toBe(6);
    expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
    expect(addDays("2100-02-28", 1)).toBe("2100-03-01");
  });

  test.each([
    "2023-02-29",
    "1900-02-29",
    "2024-04-31",
    "2024-13-01",
    "2024-00-10",
    "2024-01-00",
    "2024-1-01",
    "24-01-01",
    "2024-01-1x",
    "2024/01/01",
    "0999-12-31",
    "2024-01-01T00:00",
    "",
  ])("%j is not a date", (text) => {
    expect(isDate(text)).toBe(false);
    expect(() => epochDayOf(text)).toThrow(RangeError);
  });

  test("a date beyond four digits of the year is refused rather than written", () => {
    expect(() => dateOfEpochDay(lastDay + 1)).toThrow(RangeError);
    expect(() => dateOfEpochDay(firstDay - 1)).toThrow(RangeError);
    expect(() => dateOfEpochDay(Number.NaN)).toThrow(RangeError);
  });
});
