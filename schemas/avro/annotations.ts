import { z } from "zod";

/** How a zod schema is written in Avro; read by `avro-from-zod.ts`. */
export interface AvroAnnotation {
  /** The Avro type, where zod's own does not say enough. */
  readonly type?: "long" | "int" | "double" | "bytes";
  readonly logicalType?: "minor" | "timestamp-millis";
  /** The record's or enum's name. */
  readonly name?: string;
  /** The word as which an enum reads one that it does not know. */
  readonly fallback?: string;
}

const annotated = <S extends z.ZodType>(schema: S, avro: AvroAnnotation): S =>
  schema.meta({ avro }) as S;

/** Names a record or an enum for Avro. */
export const named = <S extends z.ZodType>(name: string, schema: S): S =>
  annotated(schema, { name });

/**
 * Names a list of words that can grow: a word that a reader does not know yet reads as the fallback, where an
 * enum without one refuses every record of the newer schema. Only for words that describe; one that decides
 * what a record means, such as a status, must make it wait for a release that knows the word.
 */
export const growing = <Words extends Readonly<Record<string, string>>>(
  name: string,
  schema: z.ZodEnum<Words>,
  fallback: Words[keyof Words],
): z.ZodEnum<Words> => annotated(schema, { name, fallback });

/** An amount of money in integer minor units, or a signed quantity; exact up to 2^53 - 1. */
export const minor: z.ZodBigInt = annotated(z.bigint(), { type: "long", logicalType: "minor" });

/** An instant in UTC milliseconds. */
export const instantMs: z.ZodInt = annotated(z.int(), {
  type: "long",
  logicalType: "timestamp-millis",
});

/** A whole number that may pass 2^31. */
export const long: z.ZodInt = annotated(z.int(), { type: "long" });

/** A small whole number. */
export const int: z.ZodInt = annotated(z.int(), { type: "int" });

/** A number that is no money: quantiles of a forecast, shares, fractions. */
export const double: z.ZodNumber = annotated(z.number(), { type: "double" });

/** A calendar date, `YYYY-MM-DD`. */
export const isoDate: z.ZodString = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
