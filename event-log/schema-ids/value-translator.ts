/** Turns framed values into Avro of the schema that this code knows, whoever wrote them, and whenever. */

import { appError } from "@tillcast/core";
import { isExhausted } from "@tillcast/core/database";
import { type AvroCodec, isTextKept, REPLACEMENT_BYTES } from "@tillcast/schemas";
import type { LogRecord, NewRecord, WriterSchema } from "../port.ts";
import { makeOwnShapes } from "./own-shapes.ts";
import type { AvroSchema, RegisteredSchema, SchemaRegistry } from "./schema-registry.ts";
import { readFrame } from "./wire-format.ts";

/** A topic's values between the log and its readers. */
export interface ValueTranslator {
  /** Frames a value, in the shape that is written at present; raises `shapeNotTurned` for what that lacks. */
  toLog(record: Pick<NewRecord, "value" | "writtenIn">): Promise<Buffer>;
  /**
   * Raises a deterministic `undecodable` for a value that can never be read, and `schemaUnreadable` or
   * `schemaMissing` for one that waits for a release that knows its schema, or for its schema.
   */
  fromLog(record: LogRecord, asWritten?: boolean): Promise<LogRecord>;
  /** The same at once where nothing has to be asked; undefined where something has. */
  fromLogNow(record: LogRecord, asWritten?: boolean): LogRecord | undefined;
  /** Makes the schemas known. */
  register(): Promise<void>;
}

export interface TranslatorOptions {
  readonly topic: string;
  readonly codec: AvroCodec<unknown>;
  readonly registry: SchemaRegistry;
  /** The schema of values without a frame; absent where every value must have one. */
  readonly unframed?: UnframedSchema | undefined;
  /** True where others than we write; an id that nobody registered is then the record's own fault. */
  readonly isForeign?: boolean;
  /** Whether the present shape is written; until then it is that of the release before. */
  readonly hasTurned: () => Promise<boolean>;
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
const writersMax = 1_000;

/** Makes a topic's translator. */
export function makeValueTranslator(options: TranslatorOptions): ValueTranslator {
  const { topic, codec, registry, unframed } = options;
  const own = makeOwnShapes(options);
  const writers = new Map<number, WriterSchema>();
  let unframedWriter = unframed && own.byFingerprint(unframed.fingerprint);

  async function writerOf(schemaId: number): Promise<WriterSchema> {
    await own.register();
    const known = own.byId(schemaId) ?? writers.get(schemaId);
    if (known !== undefined) return known;
    const found = await registry.find(schemaId);
    if (found === undefined) throw unknownSchema(schemaId);
    const writer = own.byFingerprint(found.fingerprint) ?? readable(found, `schema ${schemaId}`);
    if (writers.size >= writersMax) writers.clear();
    writers.set(schemaId, writer);
    return writer;
  }

  async function writerWithoutFrame({ fingerprint, find }: UnframedSchema): Promise<WriterSchema> {
    const schema = await find();
    if (schema === undefined)
      throw appError("schemaMissing", { topic, schema: "its first schema" });
    unframedWriter = readable({ fingerprint, schema }, "its first schema");
    return unframedWriter;
  }

  function unknownSchema(schemaId: number) {
    return options.isForeign === true
      ? undecodable(`its schema ${schemaId} is not registered`)
      : appError("schemaMissing", { topic, schema: `schema ${schemaId}` });
  }

  function readable({ fingerprint, schema }: RegisteredSchema, name: string): WriterSchema {
    try {
      return { fingerprint, schema, decode: codec.decoderFor(schema) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw appError("schemaUnreadable", { topic, schema: name, reason }, { cause: error });
    }
  }

  function undecodable(reason: string, cause?: unknown) {
    return appError("undecodable", { what: `A record of ${topic}`, reason }, { cause });
  }

  function inOwnShape(writer: WriterSchema, payload: Buffer): Buffer {
    if (writer.fingerprint.equals(codec.fingerprint)) return payload;
    try {
      const value = writer.decode(payload);
      const written = codec.encode(value);
      // Written again, text that was no UTF-8 would look as if its writer had meant it.
      if (written.includes(REPLACEMENT_BYTES) && !isTextKept(value, payload)) {
        throw new Error("a text in it is not UTF-8");
      }
      return written;
    } catch (error) {
      if (isExhausted(error)) throw error;
      throw undecodable(error instanceof Error ? error.message : String(error), error);
    }
  }

  function readAs(
    record: LogRecord,
    { writer, payload }: { readonly writer: WriterSchema; readonly payload: Buffer },
    asWritten: boolean,
  ): LogRecord {
    const raw = record.value;
    return asWritten
      ? { ...record, value: payload, raw, schema: writer }
      : { ...record, value: inOwnShape(writer, payload), raw };
  }

  function fromLogNow(record: LogRecord, asWritten = false): LogRecord | undefined {
    const framed = readFrame(record.value);
    if (framed === undefined && unframed === undefined) throw undecodable("it names no schema");
    const writer = framed
      ? (own.byId(framed.schemaId) ?? writers.get(framed.schemaId))
      : unframedWriter;
    const payload = framed?.payload ?? record.value;
    return writer && readAs(record, { writer, payload }, asWritten);
  }

  return {
    toLog: ({ value, writtenIn }) => own.write(value, writtenIn),
    fromLogNow,
    async fromLog(record, asWritten = false) {
      const now = fromLogNow(record, asWritten);
      if (now !== undefined) return now;
      const framed = readFrame(record.value);
      // A registry that cannot be asked says nothing about the record: its fault is thrown as it is.
      const writer = framed
        ? await writerOf(framed.schemaId)
        : await writerWithoutFrame(unframed as UnframedSchema);
      const payload = framed?.payload ?? record.value;
      return readAs(record, { writer, payload }, asWritten);
    },
    register: () => own.register(),
  };
}
