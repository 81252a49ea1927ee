/** A worker thread that trains one network, answers with its weights and ends. */
import { parentPort, workerData } from "node:worker_threads";
import { trainNetwork } from "./train-network.ts";
import type { TrainingMessage, TrainingRequest } from "./training-messages.ts";
import { trainingRows } from "./training-rows.ts";
import { encodeWeights } from "./weights.ts";

const { stores, settings } = workerData as TrainingRequest;
const tell = (message: TrainingMessage, transfer: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer);

const started = process.threadCpuUsage();
const rows = trainingRows(stores);
const weights = await trainNetwork(rows, settings, (done, loss) =>
  tell({ kind: "progress", done, loss }),
);
const used = process.threadCpuUsage(started);
const bytes = Uint8Array.from(encodeWeights(weights));
const cpuSeconds = (used.user + used.system) / 1e6;
tell({ kind: "done", weights: bytes, rows: rows.count, cpuSeconds }, [bytes.buffer]);
