/** The log's records behind a backup's positions: what was accepted and is perhaps not in the tables. */
import { join } from "node:path";
import {
  createRowFile,
  type EventLog,
  type LogPosition,
  type NewRecord,
  readRows,
  type TailFile,
} from "@tillcast/core";
import { z } from "zod";

/** Records read or appended at a time. */
const recordsAtOnce = 500;
const bytesAtOnce = 4_000_000;

/** One line of a tail file. */
const tailLine = z.object({
  key: z.string(),
  headers: z.record(z.string(), z.string()),
  value: z.base64(),
});

/**
 * Copies every topic that has a reader, from the lowest position of its readers to the end that it has now,
 * partition by partition. A topic made anew since is copied from its start.
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
      const found = await eventLog.read({ topic, partition, from: next, ...limits });
      const last = found.at(-1);
      if (last === undefined) break;
      const lines = found.map(({ key, headers, value }) =>
        JSON.stringify({ key, headers, value: value.toString("base64") }),
      );
      await file.write(Buffer.from(`${lines.join("\n")}\n`));
      records += found.length;
      next = last.offset + 1n;
    }
  }
  return { file: name, topic, records, ...(await file.close()) };
}

/** Appends a tail to a log that does not hold it; each record keeps its key, and so its order. */
export async function appendTail(
  eventLog: EventLog,
  folder: string,
  { file, topic }: TailFile,
): Promise<number> {
  let appended = 0;
  for await (const chunk of readRows(join(folder, file), bytesAtOnce)) {
    const records = String(chunk).trimEnd().split("\n").map(recordOf);
    for (let from = 0; from < records.length; from += recordsAtOnce) {
      await eventLog.append(topic, records.slice(from, from + recordsAtOnce));
    }
    appended += records.length;
  }
  return appended;
}

function recordOf(line: string): NewRecord {
  const { key, headers, value } = tailLine.parse(JSON.parse(line));
  return { key, headers, value: Buffer.from(value, "base64") };
}
