/**
 * Trains in a worker thread that is thrown away afterwards: TensorFlow's WebAssembly memory only
 * ever grows, and its steps would hold up every request of the process.
 */
import { Worker } from "node:worker_threads";
import type { Series } from "../series.ts";
import { type TrainingSettings, trainingSettings } from "./train-network.ts";
import type { TrainingMessage, TrainingRequest } from "./training-messages.ts";

/** A finished training. */
export interface TrainedNetwork {
  /** As `encodeWeights` writes them. */
  readonly weights: Buffer;
  readonly rows: number;
  readonly cpuSeconds: number;
}

export interface TrainingOptions {
  readonly settings?: TrainingSettings;
  /** Told the share done after each epoch. */
  readonly onProgress?: (done: number) => void;
  /** Ends the worker at once. */
  readonly signal?: AbortSignal;
}

/** Trains one network over all stores. Rejects when the worker fails or the signal aborts. */
export async function trainInWorker(
  stores: readonly Series[],
  { settings = trainingSettings, onProgress, signal }: TrainingOptions = {},
): Promise<TrainedNetwork> {
  signal?.throwIfAborted();
  const request: TrainingRequest = { stores: stores.map(compact), settings };
  const worker = new Worker(new URL("./train-worker.ts", import.meta.url), { workerData: request });
  const abort = () => void worker.terminate();
  signal?.addEventListener("abort", abort, { once: true });
  try {
    return await new Promise<TrainedNetwork>((resolve, reject) => {
      worker.on("message", (message: TrainingMessage) => {
        if (message.kind === "progress") return onProgress?.(message.done);
        const { weights, rows, cpuSeconds } = message;
        return resolve({ weights: Buffer.from(weights.buffer), rows, cpuSeconds });
      });
      worker.on("error", reject);
      worker.on("exit", (code) => {
        reject(
          signal?.aborted ? signal.reason : new Error(`The training worker left with ${code}.`),
        );
      });
    });
  } finally {
    signal?.removeEventListener("abort", abort);
    await worker.terminate();
  }
}

/** Copies views out of their larger arrays, so that only a store's own rows cross to the worker. */
function compact(series: Series): Series {
  return { ...series, values: series.values.slice(), open: series.open.slice() };
}
