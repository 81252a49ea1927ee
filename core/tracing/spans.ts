/**
 * Which trace the present work belongs to, and what is recorded of it.
 *
 * Like a logger's lines, spans concern every part and no part's result; so they go to one collector of the
 * process instead of through every signature. Without a collector a trace that a caller began is still handed
 * on, and nothing else happens: a record carries a header only where there is a trace.
 */

import { AsyncLocalStorage } from "node:async_hooks";
import {
  formatTraceparent,
  parseTraceparent,
  sampledContext,
  type TraceContext,
  traceparentHeader,
} from "./trace-context.ts";

/** Values told about a span. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** What is said of a piece of work before it is done. */
export interface SpanStart {
  readonly name: string;
  readonly kind: "server" | "producer" | "consumer";
  readonly attributes: SpanAttributes;
}

/** A piece of work that has ended; instants in UTC milliseconds, with fractions. */
export interface Span extends SpanStart {
  readonly context: TraceContext;
  readonly parentSpanId: string | undefined;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Why it failed, if it did. */
  readonly error: string | undefined;
}

/** Where spans go. */
export interface SpanCollector {
  /** How many of the traces that begin here are recorded, 0 to 1. */
  readonly sampledShare: number;
  collect(span: Span): void;
}

const active = new AsyncLocalStorage<TraceContext>();
let collector: SpanCollector | undefined;

/** Sends the spans of this process to a collector, until the function that it answers is called. */
export function collectSpans(to: SpanCollector): () => void {
  collector = to;
  return () => {
    if (collector === to) collector = undefined;
  };
}

/** The trace of the present work, if it belongs to one. */
export function activeTrace(): TraceContext | undefined {
  return active.getStore();
}

/** Lets work belong to the trace that a caller's header names, if it names one. */
export function withinTrace<Result>(header: unknown, work: () => Result): Result {
  const trace = parseTraceparent(header);
  return trace === undefined ? work() : active.run(trace, work);
}

/** Headers that hand the present trace on to a record; undefined where there is none. */
export function traceHeaders(): { readonly headers: Record<string, string> } | undefined {
  const trace = active.getStore();
  return trace === undefined ? undefined : headersOf(trace);
}

/** Headers that hand a trace on to a record. */
export function headersOf(trace: TraceContext): { readonly headers: Record<string, string> } {
  return { headers: { [traceparentHeader]: formatTraceparent(trace) } };
}

/** Runs work as a span of the present trace, or of a new one for a share of what comes without a trace. */
export async function inSpan<Result>(
  span: SpanStart,
  work: () => Promise<Result>,
): Promise<Result> {
  const to = collector;
  const parent = active.getStore();
  if (to === undefined || !isWanted(to, parent)) return work();
  const context = sampledContext(parent);
  const startedAtMs = Date.now();
  const startedAt = performance.now();
  let error: string | undefined;
  try {
    return await active.run(context, work);
  } catch (fault) {
    error = fault instanceof Error ? fault.message : String(fault);
    throw fault;
  } finally {
    const endedAtMs = startedAtMs + performance.now() - startedAt;
    to.collect({ ...span, context, parentSpanId: parent?.spanId, startedAtMs, endedAtMs, error });
  }
}

/**
 * Records work that has ended well, as a span below `parent`. Answers the place from which the trace goes
 * on: the new span, or `parent` where nothing is recorded.
 */
export function recordSpan(
  span: SpanStart & { readonly startedAtMs: number; readonly endedAtMs: number },
  parent: TraceContext,
): TraceContext {
  if (collector === undefined || !parent.isSampled) return parent;
  const context = sampledContext(parent);
  collector.collect({ ...span, context, parentSpanId: parent.spanId, error: undefined });
  return context;
}

function isWanted(to: SpanCollector, parent: TraceContext | undefined): boolean {
  return parent === undefined ? Math.random() < to.sampledShare : parent.isSampled;
}
