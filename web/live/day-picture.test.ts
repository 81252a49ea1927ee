import { expect, test } from "vitest";
import { alignedData } from "./aligned-data.ts";
import { dayPicture } from "./day-picture.ts";
import { hourRows } from "./hour-rows.ts";
import { applySnapshot } from "./live-state.ts";
import { at, feed, forecast, HOUR_MS, pastSnapshot, window } from "./testing/builders.ts";

const pictureOf = (changes: Parameters<typeof pastSnapshot>[0]) => {
  const seen = pastSnapshot(changes);
  return dayPicture(applySnapshot(seen), seen.serverTime);
};
const windows = [window({ start: at(12), net: "5000" }), window({ start: at(22), net: "700" })];

test("a past day is whole: all of it is compared, and it has landed", () => {
  const picture = pictureOf({ windows, forecast: forecast(100, { landing: [1, 2, 3] }) });
  expect(picture).toMatchObject({
    phase: "past",
    today: "2026-11-28",
    net: 5_700n,
    dataUntil: picture.dayEnd,
    expected: { p50: expect.closeTo(4_800) },
    deviation: { ratio: expect.closeTo(0.1875) },
    landing: null,
    freshness: { state: "closed" },
  });
});

test("its chart and its hours reach to the end of trade, with no step under way", () => {
  const picture = pictureOf({ windows, forecast: forecast(100) });
  for (const grain of ["15m", "hour", "total"] as const) {
    const { xs, actual, running } = alignedData(picture, grain);
    expect([xs[0], xs.at(-1)]).toEqual([at(11), at(23)]);
    expect(running.every((value) => value === null)).toBe(true);
    // A stepped line has one more point, which gives the last step its width.
    const points = grain === "total" ? actual : actual.slice(0, -1);
    expect(points.every((value) => value !== null)).toBe(true);
  }
  const rows = hourRows(picture);
  expect(rows).toHaveLength(12);
  expect(rows.filter((row) => row.isRunning || row.net === null)).toEqual([]);
  expect(rows.find((row) => row.start === at(22))?.net).toBe(700n);
});

test("a day of 23 hours is whole at its own end", () => {
  const dayEnd = at(27);
  const late = window({ start: dayEnd - HOUR_MS, net: "300" });
  const picture = pictureOf({ windows: [...windows, late], dayEnd });
  expect([picture.net, picture.dataUntil]).toEqual([6_000n, dayEnd]);
  expect(hourRows(picture).at(-1)).toMatchObject({ end: dayEnd, net: 300n, isRunning: false });
});

test("what a till has not told of it yet is unknown, and not zero", () => {
  const feeds = [feed({ state: "late", watermark: at(20) })];
  const picture = pictureOf({ windows, forecast: forecast(100), feeds });
  expect(picture.dataUntil).toBe(at(20));
  expect(hourRows(picture).find((row) => row.start === at(21))?.net).toBeNull();
});
