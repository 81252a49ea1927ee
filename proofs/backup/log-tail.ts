/** The log tail of a backup: accepted records that may not be in the tables yet. */

import { join } from "node:path";
import { appError } from "@tillcast/core";
import type { EventLog, LogPosition, LogRecord, NewRecord } from "@tillcast/event-log";
import { z } from "zod";
import type { TailFile } from "../copies/manifest.ts";
import { createRowFile, readRows } from "../copies/row-file.ts";

/** Records per read or append. */
const recordsAtOnce = 500;
const bytesAtOnce = 4_000_000;

/** A schema in a tail file. It comes before the first record that was written in it. */
const schemaLine = z.object({ fingerprint: z.hex(), schema: z.unknown() });

/**
 * A record in a tail file. `schema` is the fingerprint of the schema of its value. It is absent if the release
 * before wrote the file, in its own shape, and null for an unreadable value, which is kept as stored in the log.
 */
const recordLine = z.object({
  key: z.string(),
  headers: z.record(z.string(), z.string()),
  value: z.base64(),
  schema: z.hex().nullish(),
});

/**
 * Copies every topic that has a reader, from the lowest position of its readers to the present end, partition by
 * partition. A topic that was created again since is copied from its start.
 */
export async function writeTails(
  eventLog: EventLog,
  folder: string,
  positions: readonly LogPosition[],
): Promise<TailFile[]> {
  const tails: TailFile[] = [];
  for (const topic of new Set(positions.map((one) => one.topic))) {
    tails.push(await writeTail(eventLog, folder, topic, positions));
  }
  return tails;
}

async function writeTail(
  eventLog: EventLog,
  folder: string,
  topic: string,
  positions: readonly LogPosition[],
): Promise<TailFile> {
  const name = `${topic}.tail.zst`;
  const file = createRowFile(join(folder, name));
  const topicId = await eventLog.topicId(topic);
  const told = new Set<string>();
  let records = 0;
  for (const { partition, start, end } of await eventLog.bounds(topic)) {
    const readers = positions.filter(
      (one) => one.topic === topic && one.topicId === topicId && one.partition === partition,
    );
    const lowest = readers.reduce<bigint | null>((low, { position }) => {
      const at = BigInt(position);
      return low === null || at < low ? at : low;
    }, null);
    let next = lowest !== null && lowest > start ? lowest : start;
    while (next < end) {
      const limits = { maxCount: recordsAtOnce, maxBytes: bytesAtOnce };
      const wanted = { topic, partition, from: next, ...limits, asWritten: true };
      const found = await eventLog.read(wanted);
      const last = found.at(-1);
      if (last === undefined) break;
      const lines = found.flatMap((record) => linesOf(record, told));
      await file.write(Buffer.from(`${lines.join("\n")}\n`));
      records += found.length;
      next = last.offset + 1n;
    }
  }
  return { file: name, topic, records, ...(await file.close()) };
}

/** The line of a record, after the line of its schema if that is new in the file. */
function linesOf({ key, headers, value, schema }: LogRecord, told: Set<string>): string[] {
  const fingerprint = schema?.fingerprint.toString("hex") ?? null;
  const line = { key, headers, value: value.toString("base64"), schema: fingerprint };
  const lines = [JSON.stringify(line)];
  if (schema !== undefined && fingerprint !== null && !told.has(fingerprint)) {
    told.add(fingerprint);
    lines.unshift(JSON.stringify({ fingerprint, schema: schema.schema }));
  }
  return lines;
}

/** Appends a log tail to another log. Each record keeps its key, and so its order. */
export async function appendTail(
  eventLog: EventLog,
  folder: string,
  { file, topic }: TailFile,
): Promise<number> {
  let appended = 0;
  const schemas: Schemas = new Map();
  for await (const chunk of readRows(join(folder, file), bytesAtOnce)) {
    const records = String(chunk)
      .trimEnd()
      .split("\n")
      .flatMap((line) => recordOf(JSON.parse(line), schemas));
    for (let from = 0; from < records.length; from += recordsAtOnce) {
      await eventLog.append(topic, records.slice(from, from + recordsAtOnce));
    }
    appended += records.length;
  }
  return appended;
}

type WrittenIn = NonNullable<NewRecord["writtenIn"]>;
type Schemas = Map<string, WrittenIn>;

/** Parses the record of a line. A schema line gives no record and is remembered. */
function recordOf(line: unknown, schemas: Schemas): NewRecord[] {
  const told = schemaLine.safeParse(line);
  if (told.success) {
    schemas.set(told.data.fingerprint, told.data.schema as WrittenIn);
    return [];
  }
  const { key, headers, schema, ...record } = recordLine.parse(line);
  const value = Buffer.from(record.value, "base64");
  if (schema === null) return [{ key, headers, value, isFramed: true }];
  return [{ key, headers, value, writtenIn: writtenIn(schema, schemas) }];
}

function writtenIn(fingerprint: string | undefined, schemas: Schemas): WrittenIn {
  if (fingerprint === undefined) return "frozen";
  const schema = schemas.get(fingerprint);
  if (schema === undefined) {
    throw appError("damaged", { file: "the log's tail", reason: `it lacks schema ${fingerprint}` });
  }
  return schema;
}
