/**
 * A log whose values carry their schema's id, above either adapter. Who appends and who reads sees plain
 * Avro of the present schema: what an older release or a foreign producer wrote is resolved here.
 */

import type { Logger } from "@tillcast/core";
import { findAppError } from "@tillcast/core";
import type { AvroCodec } from "@tillcast/schemas";
import type { EventLog, LogRecord, NewRecord, SubscribeOptions, TailOptions } from "../port.ts";
import type { SchemaRegistry } from "./schema-registry.ts";
import {
  makeValueTranslator,
  type UnframedSchema,
  type ValueTranslator,
} from "./value-translator.ts";

export interface FramingOptions {
  readonly registry: SchemaRegistry;
  /** The shape of a topic's values; a topic without one carries its values as they are. */
  readonly codecOf: (topic: string) => AvroCodec<unknown> | undefined;
  /** The schema of a topic's values without a frame; absent where every value must have one. */
  readonly unframedOf?: (topic: string) => UnframedSchema | undefined;
  /** Whether others than we write to a topic. */
  readonly isForeign?: (topic: string) => boolean;
  /** Whether the present shapes are written; see `core/database/written-shape.ts`. */
  readonly hasTurned: () => Promise<boolean>;
  readonly log: Logger;
}

/** Frames a log's values. */
export function frameLog(inner: EventLog, options: FramingOptions): EventLog {
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
 * An unreadable record fails the batch in the same way each time, so that it is found and set aside. One that
 * waits for its schema stops the batch too; what lies before it is settled first, which moves the checkpoint
 * up to it.
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

/** True for a record whose schema this release cannot read, or that is not known yet. */
const waitsForSchema = (error: unknown): boolean =>
  waitingCodes.has(findAppError(error)?.code ?? "");

/** Hints are handed on at once; only a schema that was never seen makes them wait, all in order. */
function following(wanted: TailOptions, translator: ValueTranslator, log: Logger): TailOptions {
  let waiting: Promise<void> | undefined;

  function readableNow(records: readonly LogRecord[]): LogRecord[] | undefined {
    try {
      const now = records.map((record) => translator.fromLogNow(record));
      return now.every((record) => record !== undefined) ? now : undefined;
    } catch {
      return undefined; // One by one, so that the others are handed on.
    }
  }

  async function handOn(records: readonly LogRecord[], before: Promise<void> | undefined) {
    await before;
    for (const record of records) {
      try {
        wanted.onRecords([await translator.fromLog(record)]);
      } catch (error) {
        const { partition, offset } = record;
        log.error({ err: error, topic: wanted.topic, partition, offset }, "hint not readable");
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

/** Reading has no dead letters: what cannot be read is given as it lies, for its reader to find out. */
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
    // Who keeps values must not mistake one that waits for one that nobody can read.
    if (!isUnreadable && (asWritten || !waitsForSchema(error))) throw error;
    return record;
  }
}
