import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { cellQuantiles } from "../model.ts";
import { quantileLevels } from "../quantiles.ts";
import { seededRandom } from "../random.ts";
import { type Series, untilDay } from "../series.ts";
import { madeSeries } from "../testing/made-series.ts";
import { dayFeatures, featureCount, featureNames } from "./day-features.ts";
import { forwardRow, residualUnit } from "./forward.ts";
import { matMul, seededMatrix, startTensors } from "./tensor-runtime.ts";
import { trainInWorker } from "./train-in-worker.ts";
import { forward, trainingSettings, trainNetwork } from "./train-network.ts";
import { trainedNetwork } from "./trained-network.ts";
import { trainingRows } from "./training-rows.ts";
import { decodeWeights, encodeWeights, isFiniteNetwork, type NetworkWeights } from "./weights.ts";

const quick = { ...trainingSettings, epochs: 2, hidden: 16 };

beforeAll(startTensors);

describe("features", () => {
  test("never change with anything that happens at or after the origin", () => {
    const series = madeSeries({ days: 90, noise: 0.9 });
    fc.assert(
      fc.property(
        fc.integer({ min: 28, max: 82 }),
        fc.integer({ min: 0, max: 6 }),
        (origin, lead) => {
          const later: Series = {
            ...series,
            values: series.values.slice(),
            open: series.open.slice(),
          };
          later.values.fill(1e6, origin * series.hours.length);
          later.open.fill(1, origin * series.hours.length);
          expect(dayFeatures(later, origin + lead, origin)).toEqual(
            dayFeatures(series, origin + lead, origin),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test("do not depend on the store's size or currency", () => {
    const small = dayFeatures(madeSeries({ level: 10 }), 100, 98);
    const large = dayFeatures(madeSeries({ level: 10_000 }), 100, 98);
    expect(large.level / small.level).toBeCloseTo(1000, 6);
    for (const [column, value] of large.features.entries()) {
      expect(value).toBeCloseTo(small.features[column] as number, 4);
    }
  });

  test("have a name for every column", () => {
    const day = dayFeatures(madeSeries(), 100, 98);
    expect(day.features.length).toBe(featureCount * 10);
    expect(new Set(featureNames).size).toBe(featureCount);
    const weekday = featureNames.indexOf("weekday0");
    expect(day.features.subarray(weekday, weekday + 7).reduce((sum, value) => sum + value)).toBe(1);
  });

  test("of a holiday say so today, the day before and the day after", () => {
    const series = { ...madeSeries(), holidays: new Set(["2026-04-15"]) };
    const at = (name: string, target: number) =>
      dayFeatures(series, target, 98).features[featureNames.indexOf(name)];
    expect(at("holiday", 100)).toBe(1);
    expect(at("holidayTomorrow", 99)).toBe(1);
    expect(at("holidayYesterday", 101)).toBe(1);
    expect(at("holiday", 99)).toBe(0);
  });
});

test("the matrix product's own gradient equals the built-in one", () => {
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R2>([5, 7], 0, 1, "float32", 1);
    const w = tf.randomNormal<tf.Rank.R2>([7, 3], 0, 1, "float32", 2);
    const loss = (product: tf.Tensor) => tf.sum(tf.square(product)) as tf.Scalar;
    const own = tf.grads((a, b) => loss(matMul(a as tf.Tensor2D, b as tf.Tensor2D)))([x, w]);
    const plain = tf.grads((a, b) => loss(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D)))([x, w]);
    for (const [index, gradient] of own.entries()) {
      const expected = [...(plain[index] as tf.Tensor).dataSync()];
      for (const [i, value] of gradient.dataSync().entries()) {
        expect(value).toBeCloseTo(expected[i] as number, 3);
      }
    }
  });
});

test("plain arithmetic forecasts what the tensors forecast", () => {
  const weights = madeWeights(9, 6);
  const row = Float32Array.from({ length: 9 }, (_, i) => Math.sin(i));
  tf.tidy(() => {
    const matrix = (values: Float32Array, rows: number, columns: number) =>
      tf.variable(tf.tensor2d(values, [rows, columns]));
    const vector = (values: Float32Array) => tf.variable(tf.tensor1d(values));
    const layers = {
      w1: matrix(weights.w1, 9, 6),
      b1: vector(weights.b1),
      w2: matrix(weights.w2, 6, 6),
      b2: vector(weights.b2),
      w3: matrix(weights.w3, 6, 19),
      b3: vector(weights.b3),
    };
    const one = (value: number) => tf.tensor2d([value], [1, 1]);
    const input = { x: tf.tensor2d(row, [1, 9]), base: one(1.3), unit: one(residualUnit(1.3)) };
    const tensors = forward(input, layers, 0, 1);
    const expected = [...tensors.dataSync()]
      .map((value) => Math.max(0, value))
      .sort((a, b) => a - b);
    for (const [i, value] of forwardRow(weights, row, 1.3).entries()) {
      expect(value).toBeCloseTo(expected[i] as number, 4);
    }
    tf.dispose(Object.values(layers));
  });
});

test("weights survive the way to bytes and back, and cut bytes are refused", () => {
  const weights = madeWeights(5, 4);
  const bytes = encodeWeights(weights);
  expect(decodeWeights(bytes)).toEqual(weights);
  expect(isFiniteNetwork(weights)).toBe(true);
  expect(isFiniteNetwork({ ...weights, b3: weights.b3.map(() => Number.NaN) })).toBe(false);
  expect(() => decodeWeights(bytes.subarray(0, bytes.length - 4))).toThrow("cut off");
  expect(() => decodeWeights(Buffer.from("not a network at all"))).toThrow("not a forecasting");
});

test("seeded matrices are the same for the same seed", () => {
  const [first, second] = tf.tidy(
    () => [seededMatrix(3, 3, 1, 5), seededMatrix(3, 3, 1, 5)] as const,
  );
  expect([...first.dataSync()]).toEqual([...second.dataSync()]);
  tf.dispose([first, second]);
});

test("training repeats exactly and leaves no tensors behind", async () => {
  const rows = () => trainingRows([madeSeries({ days: 80 })]);
  const before = tf.memory().numTensors;
  const first = await trainNetwork(rows(), quick);
  const second = await trainNetwork(rows(), quick);
  expect(encodeWeights(first.weights).equals(encodeWeights(second.weights))).toBe(true);
  expect(Number.isFinite(first.loss)).toBe(true);
  expect(tf.memory().numTensors).toBe(before);
});

test("a network trained in a worker forecasts ascending quantiles near the truth", async () => {
  const series = madeSeries({ days: 150, noise: 0.4 });
  const done: number[] = [];
  const { weights, rows } = await trainInWorker([untilDay(series, 140)], {
    settings: { ...quick, epochs: 4 },
    onProgress: (share) => done.push(share),
  });
  expect(done.at(-1)).toBe(1);
  expect(rows).toBeGreaterThan(1000);
  const model = await trainedNetwork(weights).fit([untilDay(series, 140)]);
  const [forecast] = model.predict(7);
  let error = 0;
  let sum = 0;
  for (let row = 0; row < 7; row++) {
    for (let slot = 0; slot < series.hours.length; slot++) {
      const quantiles = [...cellQuantiles(forecast as never, row, slot)];
      expect(quantiles).toEqual([...quantiles].sort((a, b) => a - b));
      const actual = series.values[(140 + row) * series.hours.length + slot] as number;
      error += Math.abs(actual - (quantiles[9] as number));
      sum += actual;
    }
  }
  expect(error / sum).toBeLessThan(0.2);
});

test("an aborted training ends its worker and says why", async () => {
  const stop = new AbortController();
  const training = trainInWorker([madeSeries({ days: 200 })], { signal: stop.signal });
  stop.abort(new Error("The service is stopping."));
  await expect(training).rejects.toThrow("The service is stopping.");
});

function madeWeights(inputs: number, hidden: number): NetworkWeights {
  const random = seededRandom(3);
  const array = (size: number) => Float32Array.from({ length: size }, () => random() - 0.5);
  return {
    inputs,
    hidden,
    outputs: quantileLevels.length,
    mean: array(inputs),
    deviation: array(inputs),
    w1: array(inputs * hidden),
    b1: array(hidden),
    w2: array(hidden * hidden),
    b2: array(hidden),
    w3: array(hidden * quantileLevels.length),
    b3: array(quantileLevels.length),
  };
}
