import { expect, test } from "vitest";
import { smape } from "../metrics.ts";
import { forecastM4 } from "./m4-network.ts";
import { fillM4Row, horizon, makeM4Inputs } from "./m4-windows.ts";

/** A day's wave of growing size on a level of its own. */
const wave = (level: number, hours: number): number[] =>
  Array.from({ length: hours }, (_, hour) => level * (2 + Math.sin((2 * Math.PI * hour) / 24)));

test("what the network sees does not depend on the series' level", () => {
  const see = (level: number) => {
    const inputs = makeM4Inputs(1, 168);
    const logs = Float32Array.from(wave(level, 400), Math.log);
    const taken = fillM4Row(inputs, 0, logs, 350);
    return { inputs, taken };
  };
  const [small, large] = [see(10), see(1000)];
  expect(large.taken - small.taken).toBeCloseTo(Math.log(100), 3);
  for (const [cell, value] of large.inputs.recent.entries()) {
    expect(value).toBeCloseTo(small.inputs.recent[cell] as number, 3);
  }
});

test("a few steps suffice to carry a plain daily wave on", async () => {
  const histories = [wave(100, 500), wave(5000, 460)];
  const forecast = await forecastM4(histories, { seed: 1, window: 168, steps: 40, hidden: 8 });
  expect(forecast).toHaveLength(2 * horizon);
  const truth = wave(100, 548).slice(500);
  expect(smape(truth, forecast.subarray(0, horizon))).toBeLessThan(8);
});
