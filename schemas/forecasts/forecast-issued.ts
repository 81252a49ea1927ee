import { z } from "zod";
import { double, instantMs, isoDate, long, named } from "../avro/annotations.ts";
import { type AvroCodec, makeAvroCodec } from "../avro/codec.ts";

/** Width of a forecast's steps. `day` steps are business days. */
export const forecastGrains = ["15m", "hour", "day"] as const;
export type ForecastGrain = (typeof forecastGrains)[number];

/** Quantile levels of every stored forecast. */
export const forecastQuantiles = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95] as const;

/**
 * One vintage of one store's forecast of net sales, whole. Values are minor units of the store's
 * currency; they are expectations, not money, and so are doubles.
 */
export const ForecastIssuedV1 = named(
  "ForecastIssuedV1",
  z.object({
    tenantId: z.string(),
    storeId: z.string(),
    channel: z.string(),
    grain: named("ForecastGrain", z.enum(forecastGrains)),
    issuedAt: instantMs,
    /** Last instant of actuals that the model saw. */
    cutoff: instantMs,
    modelName: z.string(),
    /** The store's forecast version, assigned in the writer's transaction. */
    version: long,
    /** For `15m`: the business date covered. */
    businessDate: isoDate.nullable(),
    /** Starts of the steps. */
    starts: z.array(instantMs),
    quantiles: z.array(double),
    /** Step after step, each with one value per quantile. */
    values: z.array(double),
    /** Quantiles of the whole business day's net as seen now (actual so far + the rest). */
    landing: z.array(double).nullable(),
  }),
);
export type ForecastIssued = z.output<typeof ForecastIssuedV1>;

export const forecastIssuedCodec: AvroCodec<ForecastIssued> = makeAvroCodec(ForecastIssuedV1);
