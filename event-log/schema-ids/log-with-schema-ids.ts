/**
 * Adds schema ids to the values of a log, above both adapters. Producers and readers see plain Avro in the
 * present schema. This file resolves values that an older release or a foreign producer wrote.
 */

import type { Logger } from "@tillcast/core";
import { findAppError } from "@tillcast/core";
import type { AvroCodec } from "@tillcast/schemas";
import type { EventLog, LogRecord, NewRecord, SubscribeOptions, TailOptions } from "../port.ts";
import type { SchemaRegistry, UnframedSchema } from "./schema-registry.ts";
import { makeValueTranslator, type ValueTranslator } from "./value-translator.ts";

export interface SchemaIdOptions {
  readonly registry: SchemaRegistry;
  /** The codec of a topic's values. A topic without one has values without schema ids. */
  readonly codecOf: (topic: string) => AvroCodec<unknown> | undefined;
  /** The schema of a topic's values without a schema id; absent if every value must have one. */
  readonly unframedOf?: (topic: string) => UnframedSchema | undefined;
  /** Whether foreign producers write to a topic. */
  readonly isForeign?: (topic: string) => boolean;
  /** Whether values are written in the present shapes; see `core/database/written-shape.ts`. */
  readonly hasTurned: () => Promise<boolean>;
  readonly log: Logger;
}

/** Makes a log that adds schema ids to values and resolves them when it reads. */
export function withSchemaIds(inner: EventLog, options: SchemaIdOptions): EventLog {
  const translators = new Map<string, ValueTranslator | undefined>();

  function translatorOf(topic: string): ValueTranslator | undefined {
    if (translators.has(topic)) return translators.get(topic);
    const codec = options.codecOf(topic);
    const translator =
      codec &&
      makeValueTranslator({
        ...options,
        topic,
        codec,
        unframed: options.unframedOf?.(topic),
        isForeign: options.isForeign?.(topic) === true,
      });
    translators.set(topic, translator);
    return translator;
  }

  return {
    ...inner,
    async ensureTopics(topics) {
      await inner.ensureTopics(topics);
      for (const { topic } of topics) await translatorOf(topic)?.register();
    },
    async append(topic, records) {
      const translator = translatorOf(topic);
      if (translator === undefined) return inner.append(topic, records);
      const framed: NewRecord[] = [];
      for (const record of records) {
        const value = record.isFramed ? record.value : await translator.toLog(record);
        framed.push({ ...record, value });
      }
      return inner.append(topic, framed);
    },
    subscribe(wanted) {
      const translator = translatorOf(wanted.topic);
      return inner.subscribe(translator === undefined ? wanted : reading(wanted, translator));
    },
    tail(wanted) {
      const translator = translatorOf(wanted.topic);
      return inner.tail(
        translator === undefined ? wanted : following(wanted, translator, options.log),
      );
    },
    async read(wanted) {
      const records = await inner.read(wanted);
      const translator = translatorOf(wanted.topic);
      if (translator === undefined) return records;
      const read: LogRecord[] = [];
      for (const record of records) {
        read.push(await readableOrRaw(translator, record, wanted.asWritten === true));
      }
      return read;
    },
  };
}

/**
 * An unreadable record fails its batch the same way each time, so that the log finds it and sets it aside. A
 * record that waits for its schema stops the batch too. The records before it are settled first, which moves
 * the checkpoint to it.
 */
function reading(wanted: SubscribeOptions, translator: ValueTranslator): SubscribeOptions {
  const asWritten = wanted.asWritten === true;
  return {
    ...wanted,
    async settle(batch) {
      const records: LogRecord[] = [];
      for (const record of batch.records) {
        try {
          const now = translator.fromLogNow(record, asWritten);
          records.push(now ?? (await translator.fromLog(record, asWritten)));
        } catch (error) {
          if (records.length > 0 && waitsForSchema(error)) {
            await wanted.settle({ ...batch, records, nextPosition: record.offset });
          }
          throw error;
        }
      }
      await wanted.settle({ ...batch, records });
    },
  };
}

const waitingCodes: ReadonlySet<string> = new Set(["schemaUnreadable", "schemaMissing"]);

/** True if this release cannot read the record's schema, or does not know it yet. */
const waitsForSchema = (error: unknown): boolean =>
  waitingCodes.has(findAppError(error)?.code ?? "");

/** Hands hints on at once. If a schema must be loaded first, all hints wait in order. */
function following(wanted: TailOptions, translator: ValueTranslator, log: Logger): TailOptions {
  let waiting: Promise<void> | undefined;

  function readableNow(records: readonly LogRecord[]): LogRecord[] | undefined {
    try {
      const now = records.map((record) => translator.fromLogNow(record));
      return now.every((record) => record !== undefined) ? now : undefined;
    } catch {
      return undefined; // They are then handed on one by one, so that one unreadable hint stops no other.
    }
  }

  async function handOn(records: readonly LogRecord[], before: Promise<void> | undefined) {
    await before;
    for (const record of records) {
      try {
        wanted.onRecords([await translator.fromLog(record)]);
      } catch (error) {
        const { partition, offset } = record;
        log.error({ err: error, topic: wanted.topic, partition, offset }, "hint cannot be read");
      }
    }
  }

  return {
    ...wanted,
    onRecords(records) {
      const now = waiting === undefined ? readableNow(records) : undefined;
      if (now !== undefined) {
        wanted.onRecords(now);
        return;
      }
      const handing = handOn(records, waiting).finally(() => {
        if (waiting === handing) waiting = undefined;
      });
      waiting = handing;
    },
  };
}

/** Reads have no dead letters. A record that cannot be decoded is returned as stored. */
async function readableOrRaw(
  translator: ValueTranslator,
  record: LogRecord,
  asWritten: boolean,
): Promise<LogRecord> {
  try {
    return (
      translator.fromLogNow(record, asWritten) ?? (await translator.fromLog(record, asWritten))
    );
  } catch (error) {
    const isUnreadable = findAppError(error)?.code === "undecodable";
    // A reader that stores values must not confuse a waiting record with an unreadable one.
    if (!isUnreadable && (asWritten || !waitsForSchema(error))) throw error;
    return record;
  }
}
