/** Turns framed values into Avro of the schema that this code knows, whoever wrote them, and whenever. */

import { type AvroCodec, isTextKept, REPLACEMENT_BYTES } from "@tillcast/schemas";
import { appError } from "../../errors.ts";
import type { LogRecord } from "../port.ts";
import type { AvroSchema, SchemaRegistry } from "./schema-registry.ts";
import { frame, readFrame } from "./wire-format.ts";

/** A topic's values between the log and its readers. */
export interface ValueTranslator {
  /** Frames a value that `codec` encoded. */
  toLog(payload: Buffer): Promise<Buffer>;
  /** Raises a deterministic `undecodable` for a value that can never be read. */
  fromLog(record: LogRecord): Promise<LogRecord>;
  /** The same at once where nothing has to be asked; undefined where something has. */
  fromLogNow(record: LogRecord): LogRecord | undefined;
  /** Makes the schema known. */
  register(): Promise<void>;
}

export interface TranslatorOptions {
  readonly topic: string;
  readonly codec: AvroCodec<unknown>;
  readonly registry: SchemaRegistry;
  /** The schema of values without a frame; absent where every value must have one. */
  readonly unframed?: UnframedSchema | undefined;
}

/**
 * The schema that a topic had before values were framed. Its values carry no frame still, so that processes
 * of the release before read them during an upgrade; a later schema's do. No shape of ours begins with a zero
 * byte: each begins with a text that is never empty.
 */
export interface UnframedSchema {
  readonly fingerprint: Buffer;
  /** Undefined when no process ever wrote in it. */
  readonly find: () => Promise<AvroSchema | undefined>;
}

/** Writer schemas that one process remembers; there is one for each release and each foreign producer. */
const decodersMax = 1_000;

type Decode = (bytes: Buffer) => Buffer;

/** Makes a topic's translator. */
export function makeValueTranslator(options: TranslatorOptions): ValueTranslator {
  const { topic, codec, registry, unframed } = options;
  const isUnframed = unframed?.fingerprint.equals(codec.fingerprint) === true;
  let decodeUnframed: Decode | undefined;
  const decoders = new Map<number, Decode>();
  let ownId: Promise<number> | undefined;
  let ownIdNow: number | undefined;

  function loadOwnId(): Promise<number> {
    ownId ??= registry.register(topic, codec).then(
      (id) => {
        ownIdNow = id;
        return id;
      },
      (error: unknown) => {
        // Asked again by whoever comes next.
        ownId = undefined;
        throw error;
      },
    );
    return ownId;
  }

  async function decoderOf(schemaId: number): Promise<Decode> {
    const known = decoders.get(schemaId);
    if (known !== undefined) return known;
    const writer = await registry.find(schemaId);
    if (writer === undefined) throw undecodable(`its schema ${schemaId} is not registered`);
    const decode = resolvingOrUndecodable(writer);
    if (decoders.size >= decodersMax) decoders.clear();
    decoders.set(schemaId, decode);
    return decode;
  }

  async function unframedDecoder(): Promise<Decode> {
    const writer = await unframed?.find();
    if (writer === undefined) throw undecodable("it names no schema, and the first is not known");
    decodeUnframed ??= resolvingOrUndecodable(writer);
    return decodeUnframed;
  }

  function resolvingOrUndecodable(writer: AvroCodec<unknown>["schema"]): Decode {
    try {
      return resolving(codec, writer);
    } catch (error) {
      throw undecodable(error instanceof Error ? error.message : String(error), error);
    }
  }

  function undecodable(reason: string, cause?: unknown) {
    return appError("undecodable", { what: `A record of ${topic}`, reason }, { cause });
  }

  function withValue(record: LogRecord, decode: () => Buffer): LogRecord {
    try {
      return { ...record, value: decode() };
    } catch (error) {
      throw undecodable(error instanceof Error ? error.message : String(error), error);
    }
  }

  function fromLogNow(record: LogRecord): LogRecord | undefined {
    const framed = readFrame(record.value);
    if (framed === undefined) {
      if (unframed === undefined) throw undecodable("it names no schema");
      if (isUnframed) return record;
      const decode = decodeUnframed;
      return decode && withValue(record, () => decode(record.value));
    }
    if (framed.schemaId === ownIdNow) return { ...record, value: framed.payload };
    const decode = decoders.get(framed.schemaId);
    return decode && withValue(record, () => decode(framed.payload));
  }

  return {
    async toLog(payload) {
      const id = ownIdNow ?? (await loadOwnId());
      return isUnframed ? payload : frame(id, payload);
    },
    fromLogNow,
    async fromLog(record) {
      await loadOwnId();
      const now = fromLogNow(record);
      if (now !== undefined) return now;
      const framed = readFrame(record.value);
      // A registry that cannot be asked says nothing about the record: its fault is thrown as it is.
      const decode = framed ? await decoderOf(framed.schemaId) : await unframedDecoder();
      return withValue(record, () => decode(framed?.payload ?? record.value));
    },
    async register() {
      await loadOwnId();
    },
  };
}

/** Reads what another schema wrote, and writes it as ours. Throws where ours cannot read it. */
function resolving(codec: AvroCodec<unknown>, writer: AvroCodec<unknown>["schema"]): Decode {
  const decode = codec.decoderFor(writer);
  return (bytes) => {
    const value = decode(bytes);
    const written = codec.encode(value);
    // Written again, text that was no UTF-8 would look as if its writer had meant it.
    if (written.includes(REPLACEMENT_BYTES) && !isTextKept(value, bytes)) {
      throw new Error("a text in it is not UTF-8");
    }
    return written;
  };
}
