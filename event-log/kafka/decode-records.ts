/** Decodes Kafka's record batches into records of the port. Pure. */

import type { RecordsBatch } from "@platformatic/kafka";
import type { LogRecord } from "../port.ts";

/** Bits of a batch's attributes (Kafka protocol, record batch format). */
const logAppendTimeBit = 1 << 3;
const controlBit = 1 << 5;

const noBytes = Buffer.alloc(0);
const noHeaders: Readonly<Record<string, string>> = Object.freeze({});

/** The result of a fetch for one partition. */
export interface FetchedRecords {
  readonly records: readonly LogRecord[];
  /** Start of the next fetch. Transaction markers use offsets and are no records. */
  readonly next: bigint;
}

/** Decodes the records from `from` on. A broker sends whole batches, which may start before it. */
export function decodeBatches(
  partition: number,
  batches: readonly RecordsBatch[],
  from: bigint,
): FetchedRecords {
  const records: LogRecord[] = [];
  let next = from;
  for (const batch of batches) {
    const after = batch.firstOffset + BigInt(batch.lastOffsetDelta) + 1n;
    if (after > next) next = after;
    if ((batch.attributes & controlBit) !== 0) continue;
    const isLogTime = (batch.attributes & logAppendTimeBit) !== 0;
    for (const record of batch.records) {
      const offset = batch.firstOffset + BigInt(record.offsetDelta);
      if (offset < from) continue;
      records.push({
        partition,
        offset,
        key: record.key?.toString("utf8") ?? "",
        value: record.value ?? noBytes,
        headers: decodeHeaders(record.headers),
        appendedAt: Number(
          isLogTime ? batch.maxTimestamp : batch.firstTimestamp + record.timestampDelta,
        ),
      });
    }
  }
  return { records, next };
}

function decodeHeaders(
  headers: readonly (readonly [Buffer | null, Buffer | null])[],
): Readonly<Record<string, string>> {
  if (headers.length === 0) return noHeaders;
  return Object.fromEntries(
    headers.map(([name, text]) => [name?.toString("utf8") ?? "", text?.toString("utf8") ?? ""]),
  );
}
