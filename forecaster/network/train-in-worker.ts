/** Trains one network over all stores, away from the thread that serves requests. */
import { appError } from "@tillcast/core";
import type { QuantileScore } from "../backtest.ts";
import type { Series } from "../series.ts";
import { runWorker, type WorkerOptions } from "./run-worker.ts";
import { type TrainingSettings, trainingSettings } from "./train-network.ts";
import { decodeWeights, isFiniteNetwork, type NetworkWeights } from "./weights.ts";

/** How the new network did on the weeks it had not seen, beside those that might serve instead. */
export interface ModelScores {
  readonly challenger: QuantileScore;
  readonly baseline: QuantileScore;
  /** Null where no network serves yet. */
  readonly champion: QuantileScore | null;
}

/** What the worker is started with; bytes cross threads as a plain array. */
export interface TrainingRequest {
  readonly stores: readonly Series[];
  readonly settings: TrainingSettings;
  /** False where only the weights are wanted, as in a backtest that judges by itself. */
  readonly isJudged: boolean;
  /** The network that serves now, as `encodeWeights` writes it. */
  readonly champion: Uint8Array | null;
}

/** What the worker answers. */
export interface TrainingAnswer {
  readonly weights: Uint8Array;
  readonly loss: number;
  readonly rows: number;
  readonly scores: ModelScores | null;
  readonly cpuSeconds: number;
}

/** A finished training; every number of the network is one. */
export interface TrainedNetwork {
  readonly weights: NetworkWeights;
  /** The same as `encodeWeights` writes them. */
  readonly artifact: Buffer;
  readonly loss: number;
  readonly rows: number;
  readonly cpuSeconds: number;
}

export interface TrainingOptions extends WorkerOptions {
  readonly settings?: TrainingSettings;
}

const workerFile = new URL("./train-worker.ts", import.meta.url);

/** Trains in a worker thread on all but the held-out weeks; progress comes after each epoch. */
export async function trainInWorker(
  stores: readonly Series[],
  options: TrainingOptions = {},
): Promise<TrainedNetwork> {
  return (await runTraining(stores, { isJudged: false, champion: null }, options)).trained;
}

/** Trains, and judges the new network on the held-out weeks beside the baseline and the champion. */
export async function trainAndJudge(
  stores: readonly Series[],
  champion: Buffer | null,
  options: TrainingOptions = {},
): Promise<TrainedNetwork & { readonly scores: ModelScores }> {
  const { trained, scores } = await runTraining(stores, { isJudged: true, champion }, options);
  return { ...trained, scores: scores as ModelScores };
}

async function runTraining(
  stores: readonly Series[],
  judging: Pick<TrainingRequest, "isJudged" | "champion">,
  { settings = trainingSettings, ...options }: TrainingOptions,
): Promise<{ trained: TrainedNetwork; scores: ModelScores | null }> {
  const request: TrainingRequest = { stores: stores.map(compact), settings, ...judging };
  const answer = await runWorker<TrainingRequest, TrainingAnswer>(workerFile, request, options);
  const { scores, ...rest } = answer;
  const artifact = Buffer.from(answer.weights);
  const weights = decodeWeights(artifact);
  if (!Number.isFinite(answer.loss) || !isFiniteNetwork(weights)) {
    throw appError("forecastNotFinite", { what: `A network trained on ${answer.rows} rows` });
  }
  return { trained: { ...rest, weights, artifact }, scores };
}

/** Copies views out of their larger arrays, so that only a store's own rows cross to the worker. */
function compact(series: Series): Series {
  return { ...series, values: series.values.slice(), open: series.open.slice() };
}
