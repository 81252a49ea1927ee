/**
 * One network over all series of M4 Hourly: a learnt blend of seasonal guesses, plus a linear map
 * and a small network of the recent hours, trained on the competition's own two errors.
 */
import * as tf from "@tensorflow/tfjs";
import { seasonalScale } from "../metrics.ts";
import { matMul, seededMatrix, startTensors } from "../network/tensor-runtime.ts";
import { seededRandom } from "../random.ts";
import { fillM4Row, horizon, type M4Inputs, makeM4Inputs } from "./m4-windows.ts";

/** One member of the mean. */
export interface M4Settings {
  readonly seed: number;
  /** Hours of history that the network sees. */
  readonly window: number;
  readonly steps: number;
  readonly hidden: number;
}

const batchRows = 256;
const learningRate = 1e-3;
const warmUpSteps = 50;
/** The weights of the two errors in OWA: 100 / 18.383 for sMAPE in log space, 1 / 2.395 for MASE. */
const smapeWeight = 5.44;
const maseWeight = 0.4175;
const scaleWeightMax = 20;
const season = 24;

/** A type, not an interface: `tf.tidy` asks for an index signature. */
type M4Layers = {
  readonly w1: tf.Variable<tf.Rank.R2>;
  readonly b1: tf.Variable<tf.Rank.R1>;
  readonly w2: tf.Variable<tf.Rank.R2>;
  readonly b2: tf.Variable<tf.Rank.R1>;
  readonly w3: tf.Variable<tf.Rank.R2>;
  readonly b3: tf.Variable<tf.Rank.R1>;
  readonly linear: tf.Variable<tf.Rank.R2>;
  readonly week: tf.Variable<tf.Rank.R1>;
  readonly day: tf.Variable<tf.Rank.R1>;
  readonly mean: tf.Variable<tf.Rank.R1>;
};

/** Trains one member on the histories and forecasts each of them: series x 48, row by row. */
export async function forecastM4(
  histories: readonly (readonly number[])[],
  settings: M4Settings,
  onProgress: (done: number) => void = () => {},
): Promise<Float64Array> {
  await startTensors();
  const logs = histories.map((history) =>
    Float32Array.from(history, (value) => Math.log(Math.max(value, 1))),
  );
  const scales = histories.map((history) => seasonalScale(history, season));
  const layers = tf.tidy(() => makeLayers(settings));
  const optimizer = tf.train.adam(learningRate);
  try {
    const sampler = makeSampler(logs, scales, settings);
    for (let step = 0; step < settings.steps; step++) {
      (optimizer as unknown as { learningRate: number }).learningRate =
        learningRate * rateAt(step, settings.steps);
      const sample = sampler();
      tf.tidy(() => void optimizer.minimize(() => lossOf(sample, layers)));
      if (step % 50 === 49) {
        onProgress((step + 1) / settings.steps);
        // Lets the progress message out of the thread.
        await tf.nextFrame();
      }
    }
    return await predict(logs, layers, settings.window);
  } finally {
    tf.dispose(Object.values(layers));
    optimizer.dispose();
  }
}

function makeLayers({ seed, window, hidden }: M4Settings): M4Layers {
  const matrix = (rows: number, columns: number, deviation: number, salt: number) =>
    seededMatrix(rows, columns, deviation, seed * 1000 + salt);
  const vector = (size: number, value: number) => tf.variable(tf.fill<tf.Rank.R1>([size], value));
  return {
    w1: matrix(window, hidden, Math.sqrt(2 / window), 1),
    b1: vector(hidden, 0),
    w2: matrix(hidden, hidden, Math.sqrt(2 / hidden), 2),
    b2: vector(hidden, 0),
    w3: matrix(hidden, horizon, 0.01, 3),
    b3: vector(horizon, 0),
    linear: matrix(window, horizon, 1e-4, 4),
    week: vector(horizon, 0.4),
    day: vector(horizon, 0.5),
    mean: vector(horizon, 0.1),
  };
}

interface Sample {
  readonly inputs: M4Inputs;
  readonly targets: Float32Array;
  /** Each row's level over its series' seasonal error: what MASE divides by. */
  readonly scaleWeights: Float32Array;
}

/** Draws origins, later ones more often: the test hours come after the last. */
function makeSampler(
  logs: readonly Float32Array[],
  scales: readonly number[],
  { seed, window }: M4Settings,
): () => Sample {
  const random = seededRandom(seed);
  const inputs = makeM4Inputs(batchRows, window);
  const targets = new Float32Array(batchRows * horizon);
  const scaleWeights = new Float32Array(batchRows);
  return () => {
    for (let row = 0; row < batchRows; row++) {
      const index = Math.floor(random() * logs.length);
      const series = logs[index] as Float32Array;
      const last = series.length - horizon;
      const origin = Math.min(last, window + Math.floor(random() ** 0.7 * (last - window + 1)));
      const level = fillM4Row(inputs, row, series, origin);
      scaleWeights[row] = Math.min(scaleWeightMax, Math.exp(level) / (scales[index] as number));
      for (let ahead = 0; ahead < horizon; ahead++) {
        targets[row * horizon + ahead] = (series[origin + ahead] as number) - level;
      }
    }
    return { inputs, targets, scaleWeights };
  };
}

/** The share of the highest learning rate at a step. */
function rateAt(step: number, steps: number): number {
  const warm = Math.min(1, (step + 1) / warmUpSteps);
  return warm * (0.5 * (1 + Math.cos((Math.PI * step) / steps)) + 0.01);
}

function lossOf(sample: Sample, layers: M4Layers): tf.Scalar {
  const targets = tf.tensor2d(sample.targets, [batchRows, horizon]);
  const scale = tf.tensor2d(sample.scaleWeights, [batchRows, 1]);
  const predicted = forward(sample.inputs, layers);
  const logError = tf.mean(tf.abs(tf.sub(targets, predicted)));
  const amounts = tf.exp(tf.clipByValue(predicted, -4, 4));
  const error = tf.mean(tf.mul(scale, tf.abs(tf.sub(tf.exp(targets), amounts))));
  return tf.add(tf.mul(logError, smapeWeight), tf.mul(error, maseWeight));
}

function forward(inputs: M4Inputs, layers: M4Layers): tf.Tensor2D {
  const { rows, window } = inputs;
  const recent = tf.tensor2d(inputs.recent, [rows, window]);
  const guess = (values: Float32Array) => tf.tensor2d(values, [rows, horizon]);
  const first = tf.relu(tf.add(matMul(recent, layers.w1), layers.b1)) as tf.Tensor2D;
  const second = tf.relu(tf.add(matMul(first, layers.w2), layers.b2)) as tf.Tensor2D;
  const blend = tf.addN([
    tf.mul(guess(inputs.weekAgo), layers.week),
    tf.mul(guess(inputs.dayAgo), layers.day),
    tf.mul(guess(inputs.meanDay), layers.mean),
    matMul(recent, layers.linear),
    matMul(second, layers.w3),
  ]);
  return tf.add(blend, layers.b3);
}

async function predict(
  logs: readonly Float32Array[],
  layers: M4Layers,
  window: number,
): Promise<Float64Array> {
  const inputs = makeM4Inputs(logs.length, window);
  const levels = logs.map((series, row) => fillM4Row(inputs, row, series, series.length));
  const output = tf.tidy(() => forward(inputs, layers));
  const values = await output.data();
  output.dispose();
  return Float64Array.from(values, (value, cell) =>
    Math.exp(value + (levels[Math.floor(cell / horizon)] as number)),
  );
}
