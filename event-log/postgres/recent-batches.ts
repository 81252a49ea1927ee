/**
 * Keeps the newest batches that this process appended in memory, so that readers in the same process get
 * them without a query. In the embedded product nearly every read is served from here.
 */

import { recordBytes } from "../append/arrange-records.ts";
import type { CommittedBatch } from "../append/topic-appender.ts";
import type { LogRecord, NewRecord } from "../port.ts";
import type { ReadLimits } from "../read-limits.ts";

export interface RecentBatches {
  add(batch: CommittedBatch): void;
  /** Records from exactly `from` on; undefined if they are not in memory. */
  take(partition: number, from: bigint, limits: ReadLimits): LogRecord[] | undefined;
}

interface Entry extends CommittedBatch {
  readonly bytes: number;
}

const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

/** Makes an empty memory for one topic with at most `maxBytes`. */
export function makeRecentBatches(maxBytes: number): RecentBatches {
  /** All partitions' batches in the order of their commits. The first one is evicted first. */
  const order: Entry[] = [];
  const partitions = new Map<number, Entry[]>();
  let heldBytes = 0;

  function evictOldest(): void {
    const oldest = order.shift();
    if (oldest === undefined) return;
    heldBytes -= oldest.bytes;
    const entries = partitions.get(oldest.partition);
    if (entries?.[0] === oldest) entries.shift();
  }

  return {
    add(batch) {
      const bytes = batch.records.reduce((sum, record) => sum + recordBytes(record), 0);
      const entry: Entry = { ...batch, bytes };
      const entries = partitions.get(batch.partition);
      const last = entries?.at(-1);
      // Another process appended in between. Batches before the gap are no longer useful.
      if (entries !== undefined && last !== undefined && endOf(last) === batch.baseOffset) {
        entries.push(entry);
      } else {
        partitions.set(batch.partition, [entry]);
      }
      order.push(entry);
      heldBytes += bytes;
      while (heldBytes > maxBytes) evictOldest();
    },
    take(partition, from, limits) {
      const entries = partitions.get(partition);
      const first = entries?.[0];
      if (entries === undefined || first === undefined || from < first.baseOffset) return undefined;
      const records: LogRecord[] = [];
      let bytes = 0;
      for (const entry of entries) {
        if (endOf(entry) <= from) continue;
        if (records.length >= limits.maxCount || bytes >= limits.maxBytes) break;
        appendFrom(records, entry, from);
        bytes += entry.bytes;
      }
      return records.length === 0 ? undefined : records;
    },
  };
}

function endOf(batch: CommittedBatch): bigint {
  return batch.baseOffset + BigInt(batch.records.length);
}

function appendFrom(records: LogRecord[], batch: CommittedBatch, from: bigint): void {
  let index = from > batch.baseOffset ? Number(from - batch.baseOffset) : 0;
  for (; index < batch.records.length; index += 1) {
    const record = batch.records[index] as NewRecord;
    records.push({
      partition: batch.partition,
      offset: batch.baseOffset + BigInt(index),
      key: record.key,
      value: record.value,
      headers: record.headers ?? noHeaders,
      appendedAt: batch.appendedAt,
    });
  }
}
