import { parseTraceparent, recordSpan, type TraceContext } from "@tillcast/core";
import type { LogRecord } from "@tillcast/event-log";

/** A trace on its last stretch: from the log to the sockets. */
export interface UpdateTrace {
  readonly parent: TraceContext;
  /** When the update was taken from the log, UTC milliseconds. */
  readonly takenAtMs: number;
}

/** An update that may belong to traces. */
interface Traced {
  readonly traces?: readonly UpdateTrace[];
}

/** Traces that one message ends at most. */
const tracesMax = 20;

/** The trace that a record carries, if it does. */
export function updateTraces(record: LogRecord, nowMs: number): Traced | undefined {
  const { traceparent } = record.headers;
  if (traceparent === undefined) return undefined;
  const parent = parseTraceparent(traceparent);
  return parent === undefined ? undefined : { traces: [{ parent, takenAtMs: nowMs }] };
}

/** The traces of two updates that become one. */
export function mergeTraces(first: Traced, second: Traced): Traced | undefined {
  if (first.traces === undefined && second.traces === undefined) return undefined;
  return { traces: [...(first.traces ?? []), ...(second.traces ?? [])].slice(-tracesMax) };
}

/** Records that what the traces were about has gone to the sockets. The trace ends here. */
export function recordRelaying(traces: readonly UpdateTrace[] | undefined, nowMs: number): void {
  for (const { parent, takenAtMs } of traces ?? []) {
    const time = { startedAtMs: takenAtMs, endedAtMs: nowMs };
    recordSpan({ name: "relay windows", kind: "producer", attributes: {}, ...time }, parent);
  }
}
