/** The models of a tenant as rows: the one that serves, the last that lost, and those before them. */
import { randomUUID } from "node:crypto";
import { inTransaction, runStatement } from "@tillcast/core/database";
import type { ModelScores } from "../network/train-in-worker.ts";
import type { ServicePool } from "./stores.ts";

/** Whether a model serves, lost its comparison, or has had its day. */
export type ModelState = "champion" | "challenger" | "retired";

/** What is kept of a model's making and of its comparison. */
export interface ModelMetrics {
  /** Days of history, over all stores, at its training. */
  readonly historyDays: number;
  readonly stores: number;
  readonly rows: number;
  readonly loss: number;
  readonly cpuSeconds: number;
  readonly heldOutDays: number;
  /** The comparison on the held-out days; figures that are not finite stand as null. */
  readonly scores: ModelScores;
  /** The comparison in words. */
  readonly verdict: string;
}

/** A model of the registry without its weights. */
export interface RegisteredModel {
  readonly modelId: string;
  readonly name: string;
  readonly state: ModelState;
  /** Instants in UTC milliseconds. */
  readonly trainedAt: number;
  /** Where the actuals of its training end. */
  readonly cutoff: number;
  /** Models of earlier versions of this program lack the comparison. */
  readonly metrics: Partial<ModelMetrics>;
}

const selectModels = {
  name: "forecaster-models",
  text: `
    select model_id as "modelId", name, state, trained_at as "trainedAt", cutoff, metrics
    from forecast_model
    where tenant_id = $1
    order by trained_at desc, model_id`,
};

/** A tenant's models, newest first, with how each did against its rivals. */
export async function listForecastModels(
  pool: ServicePool,
  tenantId: string,
): Promise<readonly RegisteredModel[]> {
  const { rows } = await runStatement<RegisteredModel & Record<string, unknown>>(
    pool,
    selectModels,
    [tenantId],
  );
  return rows;
}

export interface ChampionRow {
  readonly modelId: string;
  readonly artifact: Buffer;
}

const selectChampion = {
  name: "forecaster-champion",
  text: `
    select model_id as "modelId", artifact
    from forecast_model
    where tenant_id = $1 and state = 'champion'`,
};

/** The champion's weights as they were stored; `undefined` where none serves. */
export async function findChampion(
  pool: ServicePool,
  tenantId: string,
): Promise<ChampionRow | undefined> {
  const { rows } = await runStatement<ChampionRow & Record<string, unknown>>(pool, selectChampion, [
    tenantId,
  ]);
  return rows[0];
}

const retireModelById = {
  name: "forecaster-retire-model",
  text: `update forecast_model set state = 'retired' where model_id = $1 and state <> 'retired'`,
};

/** Lets a model serve no more. */
export async function retireModel(pool: ServicePool, modelId: string): Promise<void> {
  await runStatement(pool, retireModelById, [modelId]);
}

const retireStates = {
  name: "forecaster-retire-states",
  text: `update forecast_model set state = 'retired' where tenant_id = $1 and state = any($2)`,
};

const insertModel = {
  name: "forecaster-insert-model",
  text: `
    insert into forecast_model (model_id, tenant_id, name, state, trained_at, cutoff, artifact, metrics)
    values ($1, $2, 'network', $3, to_timestamp($4::float8 / 1000), to_timestamp($5::float8 / 1000),
      $6, $7)`,
};

/** A month of daily trainings can be looked back on. */
const retiredMaxCount = 30;

const forgetRetired = {
  name: "forecaster-forget-retired",
  text: `
    delete from forecast_model
    where model_id in (
      select model_id
      from forecast_model
      where tenant_id = $1 and state = 'retired'
      order by trained_at desc
      offset $2)`,
};

/** A trained and judged network to be kept. */
export interface NewModel {
  readonly tenantId: string;
  readonly trainedAt: number;
  readonly cutoff: number;
  readonly artifact: Buffer;
  readonly metrics: ModelMetrics;
}

/**
 * Keeps a judged network, as champion or as the challenger that lost; those in whose place it comes
 * are retired. `serves: "baseline"` also retires a champion that did worse than the baseline.
 */
export async function saveJudgedModel(
  pool: ServicePool,
  model: NewModel,
  serves: "challenger" | "champion" | "baseline",
): Promise<string> {
  const modelId = randomUUID();
  const state: ModelState = serves === "challenger" ? "champion" : "challenger";
  const replaced: ModelState[] =
    serves === "champion" ? ["challenger"] : ["challenger", "champion"];
  await inTransaction(pool, async (tx) => {
    await runStatement(tx, retireStates, [model.tenantId, replaced]);
    await runStatement(tx, insertModel, [
      modelId,
      model.tenantId,
      state,
      model.trainedAt,
      model.cutoff,
      model.artifact,
      JSON.stringify(model.metrics),
    ]);
    await runStatement(tx, forgetRetired, [model.tenantId, retiredMaxCount]);
  });
  return modelId;
}
