/** A worker thread that trains one network, answers with its weights and ends. */
import { answerParent } from "./run-worker.ts";
import type { TrainingAnswer, TrainingRequest } from "./train-in-worker.ts";
import { trainNetwork } from "./train-network.ts";
import { trainingRows } from "./training-rows.ts";
import { encodeWeights } from "./weights.ts";

await answerParent<TrainingRequest, TrainingAnswer>(async ({ stores, settings }, onProgress) => {
  const started = process.threadCpuUsage();
  const rows = trainingRows(stores);
  const weights = await trainNetwork(rows, settings, onProgress);
  const used = process.threadCpuUsage(started);
  return {
    weights: Uint8Array.from(encodeWeights(weights)),
    rows: rows.count,
    cpuSeconds: (used.user + used.system) / 1e6,
  };
});
