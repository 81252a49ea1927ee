/** The network's recipe as a model that is trained anew at every fit; for backtests. */
import type { ForecastModel } from "../model.ts";
import { baseline } from "../models/baseline.ts";
import { type TrainingOptions, trainInWorker } from "./train-in-worker.ts";
import { isTrainable } from "./trainable.ts";
import { trainedNetwork } from "./trained-network.ts";

/** Trains in a worker as the service does, on the stores that have history enough. */
export function networkModel(options: TrainingOptions = {}): ForecastModel {
  return {
    name: "network",
    fit: async (series) => {
      const taught = series.filter(isTrainable);
      if (taught.length === 0) return baseline().fit(series);
      const { weights } = await trainInWorker(taught, options);
      return trainedNetwork(weights).fit(series);
    },
  };
}
