/** Stores vintages and tells the world: the rows are the truth, the topic says "look". */
import { appError, type Logger } from "@tillcast/core";
import {
  float8Array,
  inTransaction,
  runStatement,
  timestamptzArray,
} from "@tillcast/core/database";
import { recordChanges, sayAtOnce } from "@tillcast/core/work";
import type { EventLog } from "@tillcast/event-log";
import { type ForecastIssued, forecastIssuedCodec, forecastQuantiles } from "@tillcast/schemas";
import type { ServicePool } from "./stores.ts";

/** A vintage before the store's forecast version is known. */
export type NewVintage = Omit<ForecastIssued, "version" | "quantiles" | "channel"> & {
  readonly modelId: string | null;
};

const nextVersion = {
  name: "forecaster-next-version",
  text: `
    insert into store_sequence (store_id, tenant_id, forecast_seq)
    values ($1, $2, 1)
    on conflict (store_id) do update set forecast_seq = store_sequence.forecast_seq + 1
    returning forecast_seq::float8 as version`,
};

const insertVintage = {
  name: "forecaster-insert-vintage",
  text: `
    insert into forecast_vintage (store_id, channel, grain, issued_at, tenant_id, cutoff, model_name,
      model_id, version, business_date, starts, quantiles, "values", landing)
    values ($1, 'all', $2, to_timestamp($3::float8 / 1000), $4, to_timestamp($5::float8 / 1000), $6,
      $7, $8, $9, $10, $11, $12, $13)
    -- Two issues of one millisecond: the later one knows more.
    on conflict (store_id, channel, grain, issued_at) do update set
      cutoff = excluded.cutoff,
      model_name = excluded.model_name,
      model_id = excluded.model_id,
      version = excluded.version,
      business_date = excluded.business_date,
      starts = excluded.starts,
      "values" = excluded."values",
      landing = excluded.landing`,
};

/**
 * Saves one store's vintages in one transaction, each with a version of its own in the order
 * given, and then publishes them; what is not published at once is published later. Throws
 * `forecastNotFinite`, and saves none of them, when one holds a number that no reader could show.
 */
export async function saveVintages(
  deps: { readonly pool: ServicePool; readonly eventLog: EventLog; readonly log: Logger },
  vintages: readonly NewVintage[],
): Promise<readonly ForecastIssued[]> {
  vintages.forEach(assertFinite);
  const { issued, changes } = await inTransaction(deps.pool, async (tx) => {
    const saved: ForecastIssued[] = [];
    for (const { modelId, ...vintage } of vintages) {
      const { rows } = await runStatement<{ version: number }>(tx, nextVersion, [
        vintage.storeId,
        vintage.tenantId,
      ]);
      const version = rows[0]?.version as number;
      await runStatement(tx, insertVintage, [
        vintage.storeId,
        vintage.grain,
        vintage.issuedAt,
        vintage.tenantId,
        vintage.cutoff,
        vintage.modelName,
        modelId,
        version,
        vintage.businessDate,
        timestamptzArray(vintage.starts),
        float8Array(forecastQuantiles),
        float8Array(vintage.values),
        vintage.landing === null ? null : float8Array(vintage.landing),
      ]);
      saved.push({ ...vintage, channel: "all", version, quantiles: [...forecastQuantiles] });
    }
    return { issued: saved, changes: await recordChanges(tx, saved.map(changeOf)) };
  });
  await sayAtOnce(deps, changes);
  return issued;
}

const changeOf = (vintage: ForecastIssued) => ({
  kind: "forecast" as const,
  tenantId: vintage.tenantId,
  subject: vintage.storeId,
  record: forecastIssuedCodec.encode(vintage),
});

function assertFinite({ storeId, grain, modelName, values, landing }: NewVintage): void {
  if (values.every(Number.isFinite) && (landing ?? []).every(Number.isFinite)) return;
  const what = `The ${grain} forecast of store ${storeId} by the ${modelName}`;
  throw appError("forecastNotFinite", { what });
}
