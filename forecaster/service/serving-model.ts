/** The model that serves a tenant: its champion, or the baseline where there is none that can. */
import type { Logger } from "@tillcast/core";
import type { ForecastModel } from "../model.ts";
import { baseline } from "../models/baseline.ts";
import { featureCount } from "../network/day-features.ts";
import { trainedNetwork } from "../network/trained-network.ts";
import { decodeWeights, isFiniteNetwork, type NetworkWeights } from "../network/weights.ts";
import { findChampion, retireModel } from "./model-registry.ts";
import type { ServicePool } from "./stores.ts";

/** A model ready to forecast. */
export interface ServingModel {
  /** Null for the baseline. */
  readonly modelId: string | null;
  readonly model: ForecastModel;
  /** The network's bytes, with which a challenger's training compares; null for the baseline. */
  readonly artifact: Buffer | null;
}

/** What serves in place of a network that cannot. */
export const baselineServes: ServingModel = { modelId: null, model: baseline(), artifact: null };

/**
 * Loads the model that serves a tenant. A champion that cannot serve (cut off, made by another version
 * of this program, or holding numbers that are not finite) is retired, and the baseline serves.
 */
export async function loadServingModel(
  deps: { readonly pool: ServicePool; readonly log: Logger },
  tenantId: string,
): Promise<ServingModel> {
  const champion = await findChampion(deps.pool, tenantId);
  if (champion === undefined) return baselineServes;
  const { modelId, artifact } = champion;
  try {
    return { modelId, model: trainedNetwork(usableWeights(artifact)), artifact };
  } catch (error) {
    await retireModel(deps.pool, modelId);
    deps.log.error({ err: error, tenantId, modelId }, "champion retired, baseline serves");
    return baselineServes;
  }
}

function usableWeights(artifact: Buffer): NetworkWeights {
  const weights = decodeWeights(artifact);
  if (weights.inputs !== featureCount) {
    throw new Error(`It knows ${weights.inputs} features, this program makes ${featureCount}.`);
  }
  if (!isFiniteNetwork(weights)) throw new Error("It holds numbers that are not finite.");
  return weights;
}
