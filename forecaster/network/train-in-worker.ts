/** Trains one network over all stores, away from the thread that serves requests. */
import type { Series } from "../series.ts";
import { runWorker, type WorkerOptions } from "./run-worker.ts";
import { type TrainingSettings, trainingSettings } from "./train-network.ts";

/** What the worker is started with. */
export interface TrainingRequest {
  readonly stores: readonly Series[];
  readonly settings: TrainingSettings;
}

/** What the worker answers; bytes cross threads as a plain array. */
export interface TrainingAnswer {
  readonly weights: Uint8Array;
  readonly rows: number;
  readonly cpuSeconds: number;
}

/** A finished training. */
export interface TrainedNetwork {
  /** As `encodeWeights` writes them. */
  readonly weights: Buffer;
  readonly rows: number;
  readonly cpuSeconds: number;
}

export interface TrainingOptions extends WorkerOptions {
  readonly settings?: TrainingSettings;
}

const workerFile = new URL("./train-worker.ts", import.meta.url);

/** Trains in a worker thread; progress comes after each epoch. */
export async function trainInWorker(
  stores: readonly Series[],
  { settings = trainingSettings, ...options }: TrainingOptions = {},
): Promise<TrainedNetwork> {
  const request: TrainingRequest = { stores: stores.map(compact), settings };
  const answer = await runWorker<TrainingRequest, TrainingAnswer>(workerFile, request, options);
  return { ...answer, weights: Buffer.from(answer.weights) };
}

/** Copies views out of their larger arrays, so that only a store's own rows cross to the worker. */
function compact(series: Series): Series {
  return { ...series, values: series.values.slice(), open: series.open.slice() };
}
