/** The model that serves a tenant: its trained network, or the baseline until there is one. */
import { randomUUID } from "node:crypto";
import { inTransaction, type Logger, runStatement } from "@tillcast/core";
import type { ForecastModel } from "../model.ts";
import { baseline } from "../models/baseline.ts";
import { featureCount } from "../network/day-features.ts";
import { trainedNetwork } from "../network/network-model.ts";
import { decodeWeights } from "../network/weights.ts";
import type { ServicePool } from "./stores.ts";

/** A model ready to forecast, and what is known of its making. */
export interface ServingModel {
  /** Null for the baseline. */
  readonly modelId: string | null;
  readonly model: ForecastModel;
  readonly trainedAt: number | null;
  /** Days of history, over all stores, that it was trained on. */
  readonly historyDays: number;
}

interface ChampionRow extends Record<string, unknown> {
  readonly modelId: string;
  readonly artifact: Buffer;
  readonly trainedAt: number;
  readonly metrics: { readonly historyDays?: number };
}

const selectChampion = {
  name: "forecaster-champion",
  text: `
    select model_id as "modelId", artifact, trained_at as "trainedAt", metrics
    from forecast_model
    where tenant_id = $1 and state = 'champion'`,
};

const plain: ServingModel = { modelId: null, model: baseline(), trainedAt: null, historyDays: 0 };

/** Loads the model that serves a tenant. A network of another program version gives way to the baseline. */
export async function loadServingModel(
  pool: ServicePool,
  log: Logger,
  tenantId: string,
): Promise<ServingModel> {
  const { rows } = await runStatement<ChampionRow>(pool, selectChampion, [tenantId]);
  const row = rows[0];
  if (row === undefined) return plain;
  try {
    const weights = decodeWeights(row.artifact);
    if (weights.inputs === featureCount) {
      return {
        modelId: row.modelId,
        model: trainedNetwork(weights),
        trainedAt: row.trainedAt,
        historyDays: row.metrics.historyDays ?? 0,
      };
    }
    log.warn({ tenantId, modelId: row.modelId }, "network has other features, baseline serves");
  } catch (error) {
    log.error(
      { err: error, tenantId, modelId: row.modelId },
      "network unreadable, baseline serves",
    );
  }
  return plain;
}

const retireChampion = {
  name: "forecaster-retire-champion",
  text: `update forecast_model set state = 'retired' where tenant_id = $1 and state = 'champion'`,
};

const insertChampion = {
  name: "forecaster-insert-champion",
  text: `
    insert into forecast_model (model_id, tenant_id, name, state, trained_at, cutoff, artifact, metrics)
    values ($1, $2, 'network', 'champion', to_timestamp($3::float8 / 1000),
      to_timestamp($4::float8 / 1000), $5, $6)`,
};

/** A trained network to be kept. */
export interface NewChampion {
  readonly tenantId: string;
  readonly trainedAt: number;
  /** The last instant of actuals in its training. */
  readonly cutoff: number;
  readonly artifact: Buffer;
  readonly metrics: {
    readonly historyDays: number;
    readonly stores: number;
    readonly rows: number;
    readonly cpuSeconds: number;
  };
}

/** Lets a new network serve; the one before is kept as retired. Returns its id. */
export async function saveChampion(pool: ServicePool, champion: NewChampion): Promise<string> {
  const modelId = randomUUID();
  await inTransaction(pool, async (tx) => {
    await runStatement(tx, retireChampion, [champion.tenantId]);
    await runStatement(tx, insertChampion, [
      modelId,
      champion.tenantId,
      champion.trainedAt,
      champion.cutoff,
      champion.artifact,
      JSON.stringify(champion.metrics),
    ]);
  });
  return modelId;
}
