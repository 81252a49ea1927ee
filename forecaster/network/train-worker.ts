/** A worker thread that trains one network, judges it if asked to, answers and ends. */
import { cleanHistory } from "../history/clean-history.ts";
import { beforeHeldOut, judgeModels } from "../judge-models.ts";
import { baseline } from "../models/baseline.ts";
import { answerParent } from "./run-worker.ts";
import type { ModelScores, TrainingAnswer, TrainingRequest } from "./train-in-worker.ts";
import { trainNetwork } from "./train-network.ts";
import { trainedNetwork } from "./trained-network.ts";
import { trainingRows } from "./training-rows.ts";
import { decodeWeights, encodeWeights, type NetworkWeights } from "./weights.ts";

await answerParent<TrainingRequest, TrainingAnswer>(async (request, onProgress) => {
  const started = process.threadCpuUsage();
  const rows = trainingRows(request.stores.map(beforeHeldOut).map(cleanHistory));
  const { weights, loss } = await trainNetwork(rows, request.settings, onProgress);
  const scores = request.isJudged ? await judge(request, weights) : null;
  const used = process.threadCpuUsage(started);
  return {
    weights: Uint8Array.from(encodeWeights(weights)),
    loss,
    rows: rows.count,
    scores,
    cpuSeconds: (used.user + used.system) / 1e6,
  };
});

async function judge(
  { stores, champion }: TrainingRequest,
  challenger: NetworkWeights,
): Promise<ModelScores> {
  const models = { challenger: trainedNetwork(challenger), baseline: baseline() };
  if (champion === null) return { ...(await judgeModels(models, stores)), champion: null };
  const serving = trainedNetwork(decodeWeights(Buffer.from(champion)));
  return judgeModels({ ...models, champion: serving }, stores);
}
