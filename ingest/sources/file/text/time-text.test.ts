import { describe, expect, test } from "vitest";
import { dateHintOf, instantOf, readTimeText, type TimeText } from "./time-text.ts";

const read = (text: string) => readTimeText(text) as TimeText;

describe("forms of a time", () => {
  test.each([
    ["2026-01-27 12:10", "2026-01-27T12:10:00.000Z"],
    ["2026-01-27T12:10:05.5", "2026-01-27T12:10:05.500Z"],
    ["2026/1/7 9:05", "2026-01-07T09:05:00.000Z"],
    ["2026-01-27 12:00:00 -0500", "2026-01-27T17:00:00.000Z"],
    ["2026-01-27 12:00:00+05:30", "2026-01-27T06:30:00.000Z"],
    ["2026-01-27 12:10:00-05", "2026-01-27T17:10:00.000Z"],
    ["2026-01-27 17:06:00 UTC", "2026-01-27T17:06:00.000Z"],
    ["27.01.2026 12:10", "2026-01-27T12:10:00.000Z"],
    ["27 Jan 2026, 12:10 am", "2026-01-27T00:10:00.000Z"],
    ["January 27, 2026 12:10\u202FPM", "2026-01-27T12:10:00.000Z"],
    ["27-Sept-2026 1:10 p.m.", "2026-09-27T13:10:00.000Z"],
    ["1/27/2026 11:59:59 PM", "2026-01-27T23:59:59.000Z"],
  ])("%s is %s in UTC", (text, instant) => {
    expect(instantOf(read(text), "UTC", "mdy")).toEqual({ value: Date.parse(instant) });
  });

  test.each([
    "",
    "noon",
    "12:10",
    "2026-01-27 24:00",
    "2026-01-27 13:10 PM",
    "2026-01-27 0:10 AM",
    "2026-01-27 12:60",
    "2026-01-27 12:10:60",
    "2026-01/27 12:10",
    "27 Foo 2026 12:10",
    "1/27/26 12:10",
    "2026-01-27 12:10 and more",
  ])("%j is none", (text) => expect(readTimeText(text)).toBeUndefined());

  test.each(["2026-02-30 12:10", "31.11.2026 12:10", "0026-01-27 12:10", "13/13/2026 12:10"])(
    "%s is no day that exists",
    (text) => {
      expect(instantOf(read(text), "UTC", "dmy")).toEqual({ reason: "is no day that exists" });
    },
  );
});

test("a day without a time is asked for one, and takes the one that is said", () => {
  expect(instantOf(read("2026-01-27"), "UTC", "dmy")).toHaveProperty("reason");
  expect(instantOf(read("2026-01-27"), "UTC", "dmy", 3_600_000)).toEqual({
    value: Date.parse("2026-01-27T01:00:00Z"),
  });
});

test("the order of day and month is proven by a number above twelve, and needed for numbers alone", () => {
  const hints = [
    "27/1/2026",
    "1-27-2026",
    "3/8/2026",
    "8/8/2026",
    "27.1.2026",
    "2026/3/8",
    "13/13/2026",
  ];
  expect(hints.map((text) => dateHintOf(read(text)))).toEqual([
    ...["dmy", "mdy", "ambiguous"],
    ...[null, null, null, null],
  ]);
  expect(instantOf(read("3/8/2026 1:00"), "UTC", "dmy")).toEqual({
    value: Date.parse("2026-08-03T01:00:00Z"),
  });
});
