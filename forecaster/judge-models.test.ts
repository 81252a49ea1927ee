import { expect, test } from "vitest";
import { beforeHeldOut, heldOutDays, judgeModels } from "./judge-models.ts";
import type { ForecastModel } from "./model.ts";
import { sameHourMeans } from "./models/same-hour-means.ts";
import { seasonalNaive } from "./models/seasonal-naive.ts";
import type { Series } from "./series.ts";
import { madeSeries } from "./testing/made-series.ts";

const models = { means: sameHourMeans(), naive: seasonalNaive() };

test("the better model has the smaller loss, and each sees only what came before its origin", async () => {
  const seen: number[] = [];
  const watched: ForecastModel = {
    ...models.means,
    fit: (series) => {
      seen.push(series[0]?.dayCount ?? 0);
      return models.means.fit(series);
    },
  };
  const series = madeSeries({ days: 120, noise: 0.9 });
  const scores = await judgeModels({ ...models, watched }, [series]);
  expect(scores.means.wql).toBeLessThan(scores.naive.wql);
  expect(scores.watched).toEqual(scores.means);
  expect(seen).toEqual([106, 113]);
  expect(beforeHeldOut(series).dayCount).toBe(120 - heldOutDays);
});

test("a store counts by its hours, not by the size of its currency", async () => {
  const euro = madeSeries({ key: "euro", seed: 2, noise: 0.9 });
  const yen = madeSeries({ key: "yen", seed: 3, noise: 0.2 });
  const larger: Series = { ...yen, values: yen.values.map((value) => value * 1e9) };
  const first = await judgeModels(models, [euro, yen]);
  const second = await judgeModels(models, [euro, larger]);
  expect(second.means.wql).toBeCloseTo(first.means.wql, 6);
});

test("a store that sold nothing in the held-out weeks says nothing", async () => {
  const open = madeSeries({ noise: 0.5 });
  const shut: Series = { ...open, key: "shut", open: open.open.slice() };
  shut.open.fill(0, shut.open.length - heldOutDays * shut.hours.length);
  const both = await judgeModels(models, [open, shut]);
  expect(both).toEqual(await judgeModels(models, [open]));
  expect((await judgeModels(models, [shut])).means.wql).toBeNaN();
});
