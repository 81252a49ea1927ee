import { appError } from "@tillcast/core";
import { isExhausted } from "@tillcast/core/database";
import type { LogRecord } from "@tillcast/event-log";
import { type OrderSnapshot, orderSnapshotCodec } from "@tillcast/schemas";
import type { Fold } from "./fold/fold.ts";
import { type ArrivedOrder, arrivedOrder } from "./fold/order-head.ts";

/**
 * Reads a record. The head keeps its bytes as they were written. A record that is no order snapshot is a
 * deterministic fault and goes to the dead letters.
 */
export function decodeOrder(record: LogRecord, fold: Fold): ArrivedOrder {
  const { value, schema = orderSnapshotCodec } = record;
  try {
    const snapshot = schema.decode(value) as OrderSnapshot;
    return arrivedOrder(snapshot, value, fold, schema);
  } catch (cause) {
    if (isExhausted(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : "not this shape";
    const what = `The order snapshot at offset ${record.offset} of partition ${record.partition}`;
    throw appError("undecodable", { what, reason }, { cause });
  }
}
