import { createHash } from "node:crypto";
import avsc, { type Schema, type Type } from "avsc";
import type { z } from "zod";
import { MINOR_MAX } from "../money/limits.ts";
import { avroFromZod } from "./avro-from-zod.ts";

const minorMax = Number(MINOR_MAX);

/** Money is a bigint in code and an Avro long on the wire; `MINOR_MAX` keeps every long exact. */
class MinorType extends avsc.types.LogicalType {
  protected override _fromValue(value: number): bigint {
    return BigInt(value);
  }
  protected override _toValue(value: unknown): number | undefined {
    // Undefined tells a union that this branch does not fit.
    if (typeof value !== "bigint") return undefined;
    const amount = Number(value);
    if (amount > minorMax || amount < -minorMax) throw new RangeError(`${value} is no Avro amount`);
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
  encode(value: T): Buffer;
  /** Encodes into a buffer; answers the place behind the value, which is negative when there is no room. */
  encodeInto(value: T, buffer: Buffer, at: number): number;
  /** Throws when the bytes are not this shape. */
  decode(bytes: Buffer): T;
  /** A decoder for bytes that an older schema wrote. */
  decoderFor(writer: Schema): (bytes: Buffer) => T;
}

/** Makes the codec of a zod schema. The namespace is `tillcast`. */
export function makeAvroCodec<S extends z.ZodType>(zodSchema: S): AvroCodec<z.output<S>> {
  const schema = avroFromZod(zodSchema, "tillcast");
  const type = parse(schema);
  return {
    schema,
    fingerprint: createHash("sha256").update(JSON.stringify(schema)).digest().subarray(0, 8),
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
