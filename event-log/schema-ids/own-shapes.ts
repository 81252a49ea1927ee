/**
 * The two shapes in which this release writes a topic's values: its own, and the one of the release before.
 * It writes the older shape until no process of that release runs (`core/database/written-shape.ts`).
 */

import { appError } from "@tillcast/core";
import type { AvroCodec } from "@tillcast/schemas";
import type { WriterSchema } from "../port.ts";
import type { AvroSchema, SchemaRegistry, UnframedSchema } from "./schema-registry.ts";
import { frame } from "./wire-format.ts";

export interface OwnShapesOptions {
  readonly topic: string;
  readonly codec: AvroCodec<unknown>;
  readonly registry: SchemaRegistry;
  /** The schema of values without a schema id; absent if every value must have one. */
  readonly unframed?: UnframedSchema | undefined;
  /** Whether values are written in the present shape; before that, in the one of the release before. */
  readonly hasTurned: () => Promise<boolean>;
}

/** A topic's two shapes, for reading and writing. */
export interface OwnShapes {
  /** The shape with this schema id. */
  byId(schemaId: number): WriterSchema | undefined;
  byFingerprint(fingerprint: Buffer): WriterSchema | undefined;
  /** Registers both shapes. Throws if the registry refuses one. */
  register(): Promise<void>;
  /** Encodes a value of the present shape, or of the schema that it was written in, for the log. */
  write(value: Buffer, writtenIn: AvroSchema | "frozen" | undefined): Promise<Buffer>;
}

/** Makes a topic's own shapes. */
export function makeOwnShapes(options: OwnShapesOptions): OwnShapes {
  const { topic, codec, registry, unframed, hasTurned } = options;
  const { frozen } = codec;
  const present: WriterSchema = {
    fingerprint: codec.fingerprint,
    schema: codec.schema,
    decode: codec.decode,
  };
  const before = frozen && {
    fingerprint: frozen.fingerprint,
    schema: frozen.schema,
    decode: codec.decoderFor(frozen.schema),
  };
  const shapes: readonly WriterSchema[] = before === undefined ? [present] : [before, present];
  const ids = new Map<number, WriterSchema>();
  let registering: Promise<void> | undefined;
  const idOf = (shape: WriterSchema): number | undefined =>
    [...ids].find(([, one]) => one === shape)?.[0];

  function register(): Promise<void> {
    registering ??= registerAll().catch((error: unknown) => {
      // The next call tries again.
      registering = undefined;
      throw error;
    });
    return registering;
  }

  async function registerAll(): Promise<void> {
    // The older shape first: a registry compares a new schema with the schemas that it has.
    for (const shape of shapes) ids.set(await registry.register(topic, shape), shape);
  }

  async function framed(shape: WriterSchema, payload: Buffer): Promise<Buffer> {
    await register();
    const isUnframed = unframed?.fingerprint.equals(shape.fingerprint) === true;
    return isUnframed ? payload : frame(idOf(shape) as number, payload);
  }

  return {
    byId: (schemaId) => ids.get(schemaId),
    byFingerprint: (fingerprint) => shapes.find((shape) => shape.fingerprint.equals(fingerprint)),
    register,
    async write(value, writtenIn) {
      const payload = asPresent(codec, value, writtenIn);
      if (frozen === undefined || before === undefined || (await hasTurned())) {
        return framed(present, payload);
      }
      const content = codec.decode(payload);
      const lost = frozen.unwritable(content);
      if (lost !== undefined) throw appError("shapeNotTurned", { topic, field: lost.place });
      return framed(before, frozen.encode(content));
    },
  };
}

function asPresent(
  codec: AvroCodec<unknown>,
  value: Buffer,
  writtenIn: AvroSchema | "frozen" | undefined,
): Buffer {
  const schema = writtenIn === "frozen" ? codec.frozen?.schema : writtenIn;
  return schema === undefined ? value : codec.encode(codec.decoderFor(schema)(value));
}
