/**
 * Trains the quantile network: two hidden layers that learn by how much each quantile of an hour
 * differs from its seasonal base, in units of the square root of that base.
 */
import * as tf from "@tensorflow/tfjs";
import { quantileLevels } from "../quantiles.ts";
import { seededRandom, shuffle } from "../random.ts";
import { residualUnit, standardise } from "./forward.ts";
import { matMul, seededMatrix, startTensors } from "./tensor-runtime.ts";
import type { TrainingRows } from "./training-rows.ts";
import type { NetworkWeights } from "./weights.ts";

/** The measured recipe: on small stores regularisation matters and capacity hurts. */
export interface TrainingSettings {
  readonly seed: number;
  readonly epochs: number;
  readonly hidden: number;
  readonly batchRows: number;
  /** Highest learning rate; it warms up and then falls along a cosine. */
  readonly learningRate: number;
  /** Highest weight of the squared weights in the loss. */
  readonly weightDecay: number;
  /** With more rows than this the decay falls in proportion: what many rows say needs less restraint. */
  readonly decayRows: number;
  /** Share of hidden units silenced in each step. */
  readonly dropout: number;
}

/** The recipe in use; its table is in `docs/forecasting.md`. */
export const trainingSettings: TrainingSettings = {
  seed: 1,
  epochs: 8,
  hidden: 96,
  batchRows: 256,
  learningRate: 1.5e-3,
  weightDecay: 1e-3,
  decayRows: 20_000,
  dropout: 0,
};

const warmUpSteps = 50;

/** A type, not an interface: `tf.tidy` asks for an index signature. */
type Layers = {
  readonly w1: tf.Variable<tf.Rank.R2>;
  readonly b1: tf.Variable<tf.Rank.R1>;
  readonly w2: tf.Variable<tf.Rank.R2>;
  readonly b2: tf.Variable<tf.Rank.R1>;
  readonly w3: tf.Variable<tf.Rank.R2>;
  readonly b3: tf.Variable<tf.Rank.R1>;
};

/** A trained network, and the loss of its last batch. */
export interface TrainingResult {
  readonly weights: NetworkWeights;
  /** Not finite when training went astray, upon which it ended early. */
  readonly loss: number;
}

/**
 * Trains on rows, of which there must be one at least. The rows' features are standardised in place.
 * Calls `onEpoch` after each epoch with the share of the work done. Leaves no tensors behind.
 */
export async function trainNetwork(
  rows: TrainingRows,
  settings: TrainingSettings = trainingSettings,
  onEpoch: (done: number) => void = () => {},
): Promise<TrainingResult> {
  if (rows.count === 0) throw new RangeError("There are no rows to train a network on.");
  await startTensors();
  const inputs = rows.features.length / rows.count;
  const { mean, deviation } = columnMoments(rows.features, inputs);
  standardise(rows.features, mean, deviation);
  const layers = tf.tidy(() => makeLayers(inputs, settings));
  const optimizer = tf.train.adam(settings.learningRate);
  try {
    const loss = await runEpochs(rows, layers, optimizer, settings, onEpoch);
    const { hidden } = settings;
    const arrays = await Promise.all(
      Object.values(layers).map(async (layer: tf.Variable) => (await layer.data()) as Float32Array),
    );
    const [w1, b1, w2, b2, w3, b3] = arrays.map((array) => array.slice()) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    const shape = { inputs, hidden, outputs: quantileLevels.length };
    return { loss, weights: { ...shape, mean, deviation, w1, b1, w2, b2, w3, b3 } };
  } finally {
    tf.dispose([...Object.values(layers)]);
    optimizer.dispose();
  }
}

function makeLayers(inputs: number, { seed, hidden }: TrainingSettings): Layers {
  const outputs = quantileLevels.length;
  const zeros = (size: number) => tf.variable(tf.zeros<tf.Rank.R1>([size]));
  return {
    w1: seededMatrix(inputs, hidden, Math.sqrt(2 / inputs), seed * 1000 + 1),
    b1: zeros(hidden),
    w2: seededMatrix(hidden, hidden, Math.sqrt(2 / hidden), seed * 1000 + 2),
    b2: zeros(hidden),
    w3: seededMatrix(hidden, outputs, 0.02, seed * 1000 + 3),
    // The quantiles begin spread out, in their order.
    b3: tf.variable(tf.tensor1d(quantileLevels.map((level) => (level - 0.5) * 2))),
  };
}

async function runEpochs(
  rows: TrainingRows,
  layers: Layers,
  optimizer: tf.AdamOptimizer,
  settings: TrainingSettings,
  onEpoch: (done: number) => void,
): Promise<number> {
  const random = seededRandom(settings.seed);
  const order = Int32Array.from({ length: rows.count }, (_, row) => row);
  const batchRows = Math.min(settings.batchRows, rows.count);
  const stepsPerEpoch = Math.max(1, Math.floor(rows.count / batchRows));
  const stepCount = settings.epochs * stepsPerEpoch;
  const decay = settings.weightDecay * Math.min(1, settings.decayRows / rows.count);
  const batch = makeBatch(batchRows, rows.features.length / rows.count);
  let step = 0;
  let loss = 0;
  for (let epoch = 0; epoch < settings.epochs; epoch++) {
    shuffle(order, random);
    for (let index = 0; index < stepsPerEpoch; index++, step++) {
      fillBatch(batch, rows, order, index * batchRows);
      (optimizer as unknown as { learningRate: number }).learningRate =
        settings.learningRate * rateAt(step, stepCount);
      const value = tf.tidy(() =>
        trainStep(batch, layers, optimizer, { ...settings, weightDecay: decay }, step),
      );
      if (index === stepsPerEpoch - 1) loss = (await value.data())[0] as number;
      value.dispose();
    }
    if (!Number.isFinite(loss)) break;
    onEpoch((epoch + 1) / settings.epochs);
  }
  return loss;
}

/** The share of the highest learning rate at a step. */
function rateAt(step: number, stepCount: number): number {
  const warm = Math.min(1, (step + 1) / warmUpSteps);
  return warm * (0.5 * (1 + Math.cos((Math.PI * step) / stepCount)) + 0.01);
}

interface Batch {
  readonly rows: number;
  readonly inputs: number;
  readonly features: Float32Array;
  readonly targets: Float32Array;
  readonly bases: Float32Array;
  readonly weights: Float32Array;
}

function makeBatch(rows: number, inputs: number): Batch {
  const column = () => new Float32Array(rows);
  return {
    rows,
    inputs,
    features: new Float32Array(rows * inputs),
    targets: column(),
    bases: column(),
    weights: column(),
  };
}

function fillBatch(batch: Batch, rows: TrainingRows, order: Int32Array, from: number): void {
  const { inputs } = batch;
  for (let i = 0; i < batch.rows; i++) {
    const row = order[from + i] as number;
    batch.features.set(rows.features.subarray(row * inputs, (row + 1) * inputs), i * inputs);
    batch.targets[i] = rows.targets[row] as number;
    batch.bases[i] = rows.bases[row] as number;
    batch.weights[i] = rows.weights[row] as number;
  }
}

function trainStep(
  batch: Batch,
  layers: Layers,
  optimizer: tf.AdamOptimizer,
  settings: TrainingSettings,
  step: number,
): tf.Scalar {
  const x = tf.tensor2d(batch.features, [batch.rows, batch.inputs]);
  const column = (values: Float32Array) => tf.tensor2d(values, [batch.rows, 1]);
  const [y, base, weight] = [column(batch.targets), column(batch.bases), column(batch.weights)];
  const unit = column(batch.bases.map(residualUnit));
  const levels = tf.tensor2d([...quantileLevels], [1, quantileLevels.length]);
  const seed = settings.seed * 100_000 + step * 2;
  const loss = (): tf.Scalar => {
    const predicted = forward({ x, base, unit }, layers, settings.dropout, seed);
    const error = tf.sub(y, predicted);
    const pinball = tf.maximum(tf.mul(error, levels), tf.mul(error, tf.sub(levels, 1)));
    const decay = tf.add(decayOf(layers.w1), decayOf(layers.w2));
    return tf.add(tf.mean(tf.mul(weight, pinball)), tf.mul(decay, settings.weightDecay));
  };
  return optimizer.minimize(loss, true) as tf.Scalar;
}

/**
 * Pulls weights towards almost nothing, not nothing: a weight that nobody needs would else shrink
 * into the range of denormal numbers, whose products take processors 20 times as long (the last
 * epochs went from 1.2 s to 18 s).
 */
function decayOf(weights: tf.Tensor): tf.Tensor {
  return tf.sum(tf.square(tf.sub(weights, 1e-6)));
}

/** Rows on their way through the network: features, seasonal bases, and the residuals' units. */
export interface ForwardInput {
  readonly x: tf.Tensor2D;
  readonly base: tf.Tensor2D;
  readonly unit: tf.Tensor2D;
}

/** The forward pass on tensors; `forward.ts` is the same in plain arithmetic. */
export function forward(
  { x, base, unit }: ForwardInput,
  layers: Layers,
  dropout: number,
  seed: number,
): tf.Tensor2D {
  const silence = (values: tf.Tensor, offset: number): tf.Tensor =>
    dropout > 0 ? tf.dropout(values, dropout, undefined, seed + offset) : values;
  const first = silence(tf.relu(tf.add(matMul(x, layers.w1), layers.b1)), 0);
  const second = silence(tf.relu(tf.add(matMul(first as tf.Tensor2D, layers.w2), layers.b2)), 1);
  const residual = tf.add(matMul(second as tf.Tensor2D, layers.w3), layers.b3);
  return tf.add(base, tf.mul(residual, unit));
}

function columnMoments(features: Float32Array, inputs: number) {
  const count = features.length / inputs;
  const sums = new Float64Array(inputs);
  const squares = new Float64Array(inputs);
  for (let i = 0; i < features.length; i++) {
    sums[i % inputs] = (sums[i % inputs] as number) + (features[i] as number);
  }
  const mean = sums.map((sum) => sum / count);
  for (let i = 0; i < features.length; i++) {
    const column = i % inputs;
    const apart = (features[i] as number) - (mean[column] as number);
    squares[column] = (squares[column] as number) + apart * apart;
  }
  const deviation = squares.map((square) => Math.sqrt(square / count) || 1);
  return { mean: Float32Array.from(mean), deviation: Float32Array.from(deviation) };
}
