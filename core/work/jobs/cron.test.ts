import { expect, test } from "vitest";
import { nextCronTime } from "./cron.ts";

const next = (cron: string, after: string) =>
  new Date(nextCronTime(cron, Date.parse(after))).toISOString();

test.each([
  ["every minute", "* * * * *", "2026-12-01T03:04:05Z", "2026-12-01T03:05:00.000Z"],
  ["the very minute is past", "5 3 * * *", "2026-12-01T03:05:00Z", "2026-12-02T03:05:00.000Z"],
  ["a quarter of an hour", "*/15 * * * *", "2026-12-01T03:46:00Z", "2026-12-01T04:00:00.000Z"],
  ["a step from a minute on", "7/20 * * * *", "2026-12-01T03:28:00Z", "2026-12-01T03:47:00.000Z"],
  ["a list of hours", "0 6,18 * * *", "2026-12-01T07:00:00Z", "2026-12-01T18:00:00.000Z"],
  ["over the year's end", "30 2 1 * *", "2026-12-01T03:00:00Z", "2027-01-01T02:30:00.000Z"],
  ["on weekdays", "0 9 * * 1-5", "2026-12-04T10:00:00Z", "2026-12-07T09:00:00.000Z"],
  ["Sunday is 7 as well", "0 9 * * 7", "2026-12-01T10:00:00Z", "2026-12-06T09:00:00.000Z"],
  [
    "either day, where both are named",
    "0 0 13 * 5",
    "2026-12-01T00:00:00Z",
    "2026-12-04T00:00:00.000Z",
  ],
  ["a leap day", "0 0 29 2 *", "2026-12-01T00:00:00Z", "2028-02-29T00:00:00.000Z"],
])("%s", (_name, cron, after, expected) => {
  expect(next(cron, after)).toBe(expected);
});

test.each(["", "* * * *", "60 * * * *", "5-1 * * * *", "*/0 * * * *", "a * * * *", "0 0 30 2 *"])(
  "%j is refused",
  (cron) => {
    expect(() => nextCronTime(cron, 0)).toThrow("is no schedule");
  },
);
