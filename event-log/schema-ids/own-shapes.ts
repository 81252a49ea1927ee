/**
 * The shapes that this release writes a topic's values in: its own, and that of the release before, which
 * goes on being written until no process of that release is at work (`core/database/written-shape.ts`).
 */

import { appError } from "@tillcast/core";
import type { AvroCodec } from "@tillcast/schemas";
import type { WriterSchema } from "../port.ts";
import type { AvroSchema } from "./schema-registry.ts";
import type { TranslatorOptions } from "./value-translator.ts";
import { frame } from "./wire-format.ts";

/** A topic's own shapes, as reader and as writer. */
export interface OwnShapes {
  /** The shape whose id is known to be this one. */
  byId(schemaId: number): WriterSchema | undefined;
  byFingerprint(fingerprint: Buffer): WriterSchema | undefined;
  /** Makes both shapes known, so that a registry that refuses one says so at once. */
  register(): Promise<void>;
  /** A value of the present shape, or of the schema that wrote it, as it is to lie in the log. */
  write(value: Buffer, writtenIn: AvroSchema | "frozen" | undefined): Promise<Buffer>;
}

/** Makes a topic's own shapes. */
export function makeOwnShapes(options: TranslatorOptions): OwnShapes {
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
      // Asked again by whoever comes next.
      registering = undefined;
      throw error;
    });
    return registering;
  }

  async function registerAll(): Promise<void> {
    // The older first: a registry judges each schema by those that it has.
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
