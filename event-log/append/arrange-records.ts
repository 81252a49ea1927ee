/** Splits appends into parts that fit one append to the log, and sorts each part by partition. Pure. */

import { appError } from "@tillcast/core";
import type { NewRecord } from "../port.ts";
import type { AppendLimits } from "./append-limits.ts";

/** The records of one append that belong to one partition. */
export interface PartitionRecords {
  readonly partition: number;
  readonly records: readonly NewRecord[];
}

/** Records that fit one append to the log. */
export interface AppendRecords {
  readonly records: readonly NewRecord[];
  readonly bytes: number;
}

/** The size of a record in bytes, nearly exact. Limits in bytes use it. */
export function recordBytes(record: NewRecord): number {
  // Keys are short and nearly always ASCII, so their code units are counted.
  let bytes = record.key.length + record.value.length;
  for (const [name, text] of Object.entries(record.headers ?? {}))
    bytes += name.length + text.length;
  return bytes;
}

/** The size of all records in bytes. Throws `tooLarge` if one is above the limit. */
export function measureRecords(
  records: readonly NewRecord[],
  limits: Pick<AppendLimits, "recordMaxBytes">,
): number {
  let sum = 0;
  for (const record of records) {
    const bytes = recordBytes(record);
    if (bytes > limits.recordMaxBytes) {
      throw appError("tooLarge", { what: "A record", limit: `${limits.recordMaxBytes} bytes` });
    }
    sum += bytes;
  }
  return sum;
}

/** Splits records into parts within the limits of one append. A larger record is a part of its own. */
export function splitRecords(
  records: readonly NewRecord[],
  limits: Pick<AppendLimits, "appendBatchMaxCount" | "appendBatchMaxBytes">,
): readonly AppendRecords[] {
  const parts: { records: NewRecord[]; bytes: number }[] = [];
  let part: { records: NewRecord[]; bytes: number } | undefined;
  for (const record of records) {
    const bytes = recordBytes(record);
    const isFull =
      part === undefined ||
      part.records.length >= limits.appendBatchMaxCount ||
      part.bytes + bytes > limits.appendBatchMaxBytes;
    if (part === undefined || isFull) {
      part = { records: [], bytes: 0 };
      parts.push(part);
    }
    part.records.push(record);
    part.bytes += bytes;
  }
  return parts;
}

/** Where a record is after grouping: the index of its part, and its index within the part. */
export interface RecordIndex {
  readonly part: number;
  readonly index: number;
}

/** Groups records by partition, ascending, and keeps their order. `indexes` tells where each one is. */
export function groupByPartition(
  records: readonly NewRecord[],
  partitionOfKey: (key: string) => number,
): { readonly parts: readonly PartitionRecords[]; readonly indexes: readonly RecordIndex[] } {
  const byPartition: (NewRecord[] | undefined)[] = [];
  const found = records.map((record) => {
    const partition = partitionOfKey(record.key);
    byPartition[partition] ??= [];
    return { partition, index: byPartition[partition].push(record) - 1 };
  });
  const parts: PartitionRecords[] = [];
  const partAt: number[] = [];
  byPartition.forEach((ofPartition, partition) => {
    if (ofPartition === undefined) return;
    partAt[partition] = parts.push({ partition, records: ofPartition }) - 1;
  });
  const indexes = found.map(({ partition, index }) => ({
    part: partAt[partition] as number,
    index,
  }));
  return { parts, indexes };
}
