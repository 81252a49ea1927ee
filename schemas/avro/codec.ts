import avsc, { type Schema, type Type } from "avsc";
import type { z } from "zod";
import { MINOR_MAX } from "../money/limits.ts";
import { avroFromZod } from "./avro-from-zod.ts";
import {
  type FrozenShape,
  frozenSchema,
  type HarmlessLosses,
  makeFrozenShape,
  schemaFingerprint,
} from "./frozen-shape.ts";

const minorMax = Number(MINOR_MAX);

/**
 * An amount that Avro's bytes cannot hold exactly: a fault of the value itself. It has a code, since its class
 * is also that of an exhausted stack or memory, which say nothing about any value.
 */
export class AvroAmountError extends RangeError {
  readonly code = "AVRO_AMOUNT";
}

/** Money is a bigint in code and an Avro long on the wire; `MINOR_MAX` keeps every long exact. */
class MinorType extends avsc.types.LogicalType {
  // Half of an order's amounts are zero, for which no bigint need be made or read.
  protected override _fromValue(value: number): bigint {
    return value === 0 ? 0n : BigInt(value);
  }
  protected override _toValue(value: unknown): number | undefined {
    // Undefined tells a union that this branch does not fit.
    if (typeof value !== "bigint") return undefined;
    if (value === 0n) return 0;
    const amount = Number(value);
    if (amount > minorMax || amount < -minorMax) {
      throw new AvroAmountError(`${value} is no Avro amount`);
    }
    return amount;
  }
  /** Reads what an older schema wrote as money or as a plain long. */
  protected override _resolve(writer: Type): ((read: number | bigint) => bigint) | undefined {
    const isMoney = writer instanceof MinorType || avsc.Type.isType(writer, "int", "long");
    return isMoney ? BigInt : undefined;
  }
}

const parse = (schema: Schema): Type =>
  avsc.Type.forSchema(schema, { logicalTypes: { minor: MinorType } });

/** Encodes and decodes one shape. */
export interface AvroCodec<T> {
  readonly schema: Schema;
  /** First 8 bytes of the SHA-256 of the schema's canonical form; names the writer's schema. */
  readonly fingerprint: Buffer;
  /** The shape of the release before, where this one changed it. */
  readonly frozen?: FrozenShape<T>;
  encode(value: T): Buffer;
  /** Encodes into a buffer; answers the place behind the value, which is negative when there is no room. */
  encodeInto(value: T, buffer: Buffer, at: number): number;
  /** Throws when the bytes are not this shape. */
  decode(bytes: Buffer): T;
  /** A decoder for bytes that another schema wrote; throws where this shape cannot read that schema. */
  decoderFor(writer: Schema): (bytes: Buffer) => T;
}

export interface CodecOptions {
  /** The file of the shape that the release before wrote, in `frozen/`; absent where it is the present one. */
  readonly frozen?: string;
  /** What a record in the frozen shape may lack. */
  readonly harmless?: HarmlessLosses;
}

/** Makes the codec of a zod schema. The namespace is `tillcast`. */
export function makeAvroCodec<S extends z.ZodType>(
  zodSchema: S,
  options: CodecOptions = {},
): AvroCodec<z.output<S>> {
  const schema = avroFromZod(zodSchema, "tillcast");
  const type = parse(schema);
  return {
    schema,
    fingerprint: schemaFingerprint(schema),
    ...(options.frozen !== undefined && { frozen: frozenOf(options.frozen, options.harmless) }),
    encode: (value) => type.toBuffer(value),
    encodeInto: (value, buffer, at) => type.encode(value, buffer, at),
    decode: (bytes) => type.fromBuffer(bytes) as z.output<S>,
    decoderFor: (writer) => {
      const writerType = parse(writer);
      const resolver = type.createResolver(writerType);
      return (bytes) => type.fromBuffer(bytes, resolver) as z.output<S>;
    },
  };
}

function frozenOf<T>(name: string, harmless: HarmlessLosses = {}): FrozenShape<T> {
  const schema = frozenSchema(name);
  return makeFrozenShape<T>(schema, parse(schema), harmless);
}
