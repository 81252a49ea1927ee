import { expect, test } from "vitest";
import { seededRandom } from "../random.ts";
import type { Series } from "../series.ts";
import { madeSeries } from "../testing/made-series.ts";
import { sameHourMeans } from "./same-hour-means.ts";
import { mixForecasts, smoothingShare } from "./smoothing-share.ts";

test("a shop with strong weekdays leans on the hour of the week", () => {
  expect(smoothingShare(madeSeries({ noise: 0.2, days: 140 }))).toBeLessThanOrEqual(0.1);
});

test("a shop whose weekdays are alike and whose level drifts leans on smoothing", () => {
  const random = seededRandom(4);
  const made = madeSeries({ noise: 0, days: 140 });
  let level = 100;
  const values = made.values.map((_, cell) => {
    if (cell % made.hours.length === 0) level = Math.max(20, level * (1 + 0.2 * (random() - 0.5)));
    return level * (1 + 0.2 * (random() - 0.5));
  });
  const drifting: Series = { ...made, values };
  expect(smoothingShare(drifting)).toBe(0.5);
});

test("a daily series has no hours to smooth", () => {
  expect(smoothingShare({ ...madeSeries(), grain: "day" })).toBe(0);
});

test("mixed quantiles lie between those mixed", async () => {
  const [first] = (await sameHourMeans().fit([madeSeries()])).predict(2);
  const [second] = (await sameHourMeans().fit([madeSeries({ level: 300 })])).predict(2);
  if (!first || !second) throw new Error("no forecast");
  const mixed = mixForecasts(first, second, 0.25);
  for (const [cell, value] of mixed.quantiles.entries()) {
    const [low, high] = [first.quantiles[cell] as number, second.quantiles[cell] as number];
    expect(value).toBeCloseTo(0.75 * low + 0.25 * high, 9);
  }
});
