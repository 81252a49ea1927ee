import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  parseAmount,
  parseCount,
  parseDayMonthTime,
  parseGross,
  parseTime,
} from "./parse-cells.ts";

const utc = (text: string) => ({ value: Date.parse(text) });

describe("times of a file", () => {
  test.each([
    ["2026-11-21 19:30", "2026-11-21T18:30:00Z"],
    ["2026-11-21T19:30:05", "2026-11-21T18:30:05Z"],
    ["2026-07-01 9:05", "2026-07-01T07:05:00Z"],
    ["2026-11-21T19:30:00Z", "2026-11-21T19:30:00Z"],
    ["2026-11-21T19:30:00-05:30", "2026-11-22T01:00:00Z"],
    ["2026-11-21T19:30:00.123456Z", "2026-11-21T19:30:00.123Z"],
  ])("%s in Berlin is %s", (text, instant) => {
    expect(parseTime(text, "Europe/Berlin")).toEqual(utc(instant));
  });

  test("a time that the clock skips comes as much later, one it shows twice is the first", () => {
    expect(parseTime("2026-03-29 02:30", "Europe/Berlin")).toEqual(utc("2026-03-29T01:30:00Z"));
    expect(parseTime("2026-10-25 02:30", "Europe/Berlin")).toEqual(utc("2026-10-25T00:30:00Z"));
  });

  test("days, months and years stand in that order", () => {
    expect(parseDayMonthTime("3/8/2019 20:25", "Europe/London")).toEqual(
      utc("2019-08-03T19:25:00Z"),
    );
    expect(parseDayMonthTime("31/12/2018 00:01", "Europe/London")).toEqual(
      utc("2018-12-31T00:01:00Z"),
    );
  });

  test.each([
    "",
    "yesterday",
    "2026-02-30 10:00",
    "2026-11-21 24:00",
    "2026-11-21 10:60",
    "2026-11-21",
  ])("%j is no time", (text) => expect(parseTime(text, "UTC")).toHaveProperty("reason"));

  test.each(["", "31/11/2018 10:00", "12/31/2018 10:00", "1/1/19 10:00"])("%j is no day", (text) =>
    expect(parseDayMonthTime(text, "UTC")).toHaveProperty("reason"),
  );
});

describe("amounts of a file", () => {
  test("they are exact, without a float in between", () => {
    expect(parseAmount("20.25", 2)).toEqual({ value: 2025n });
    expect(parseAmount("16", 2)).toEqual({ value: 1600n });
    expect(parseGross("3", "0.1", 2)).toEqual({ value: 30n });
    expect(parseGross("0.345", "12.90", 2)).toEqual({ value: 445n });
    expect(parseGross("1.5", "0.01", 2)).toEqual({ value: 2n });
  });

  test.each(["", "1,50", "abc", "-1", "1e3", "1.005"])("%j is no amount", (text) =>
    expect(parseAmount(text, 2)).toHaveProperty("reason"),
  );

  test.each(["", "0", "-1", "1.5", "two", "1e1"])("%j is no count", (text) =>
    expect(parseCount(text)).toHaveProperty("reason"),
  );

  test("whole units times a price is the price added up", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        fc.integer({ min: 0, max: 99_999 }),
        (units, cents) => {
          const price = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
          expect(parseGross(String(units), price, 2)).toEqual({ value: BigInt(units * cents) });
        },
      ),
    );
  });
});
