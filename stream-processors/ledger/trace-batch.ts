import { parseTraceparent, recordSpan, type TraceContext } from "@tillcast/core";
import type { LogBatch, LogRecord } from "@tillcast/event-log";

/** The traces of a batch: by header, how many records carry it and the stores that they are about. */
export type BatchTraces = ReadonlyMap<string, { records: number; readonly storeIds: Set<string> }>;

/** Where a store's update goes on with a trace. */
export type StoreTraces = ReadonlyMap<string, TraceContext>;

/** Most traces that are followed through one batch. */
const tracesMax = 50;
const noTraces: BatchTraces = new Map();

/** Finds the traces that records carry; in most batches none does. */
export function tracesOf(
  records: readonly LogRecord[],
  storeIdAt: (index: number) => string | undefined,
): BatchTraces {
  if (records.every(({ headers }) => headers.traceparent === undefined)) return noTraces;
  const traces = new Map<string, { records: number; readonly storeIds: Set<string> }>();
  records.forEach(({ headers: { traceparent } }, index) => {
    if (traceparent === undefined) return;
    const trace = traces.get(traceparent) ?? { records: 0, storeIds: new Set<string>() };
    if (trace.records === 0 && traces.size >= tracesMax) return;
    traces.set(traceparent, trace);
    trace.records += 1;
    const storeId = storeIdAt(index);
    if (storeId !== undefined) trace.storeIds.add(storeId);
  });
  return traces;
}

/**
 * Records for each trace that its records were settled with these batches, whose traces stand at the same
 * index, and answers with which trace each store's update goes on; of several traces that touched one
 * store, the last.
 */
export function recordSettling(
  batches: readonly LogBatch[],
  traces: readonly BatchTraces[],
  time: SettlingTime,
): StoreTraces {
  return new Map(
    batches.flatMap((batch, index) => [...recordBatch(batch, traces[index] ?? noTraces, time)]),
  );
}

interface SettlingTime {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

function recordBatch(batch: LogBatch, traces: BatchTraces, time: SettlingTime): StoreTraces {
  const byStore = new Map<string, TraceContext>();
  for (const [header, { records, storeIds }] of traces) {
    const parent = parseTraceparent(header);
    if (parent === undefined) continue;
    const attributes = {
      "messaging.destination.name": batch.topic,
      "messaging.destination.partition.id": String(batch.partition),
      "messaging.batch.message_count": batch.records.length,
      "tillcast.orders": records,
    };
    const span = { name: "settle orders", kind: "consumer", attributes, ...time } as const;
    const context = recordSpan(span, parent);
    for (const storeId of storeIds) byStore.set(storeId, context);
  }
  return byStore;
}
