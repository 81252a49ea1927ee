/** Translates a topic's values between the log, with schema ids, and this release's Avro schema. */

import { appError } from "@tillcast/core";
import { isExhausted } from "@tillcast/core/database";
import { isTextKept, REPLACEMENT_BYTES } from "@tillcast/schemas";
import type { LogRecord, NewRecord, WriterSchema } from "../port.ts";
import { makeOwnShapes, type OwnShapesOptions } from "./own-shapes.ts";
import type { RegisteredSchema, UnframedSchema } from "./schema-registry.ts";
import { readFrame } from "./wire-format.ts";

/** Translates the values of one topic. */
export interface ValueTranslator {
  /** Encodes a value for the log. Throws `shapeNotTurned` if the shape that is written lacks a field of it. */
  toLog(record: Pick<NewRecord, "value" | "writtenIn">): Promise<Buffer>;
  /**
   * Decodes a record. Throws a deterministic `undecodable` for a value that can never be read,
   * `schemaUnreadable` if a later release is needed, and `schemaMissing` if its schema is not registered.
   */
  fromLog(record: LogRecord, asWritten?: boolean): Promise<LogRecord>;
  /** The same without waiting; undefined if the registry must be asked first. */
  fromLogNow(record: LogRecord, asWritten?: boolean): LogRecord | undefined;
  /** Registers the schemas. */
  register(): Promise<void>;
}

export interface TranslatorOptions extends OwnShapesOptions {
  /** True if foreign producers write to the topic. An unregistered id is then a fault of the record. */
  readonly isForeign?: boolean;
}

/** Most writer schemas in memory. There is one per release and foreign producer. */
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
      // Encoded again, text that is not UTF-8 would look like replacement characters on purpose.
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
      // An unreachable registry says nothing about the record, so its error is thrown unchanged.
      const writer = framed
        ? await writerOf(framed.schemaId)
        : await writerWithoutFrame(unframed as UnframedSchema);
      const payload = framed?.payload ?? record.value;
      return readAs(record, { writer, payload }, asWritten);
    },
    register: () => own.register(),
  };
}
