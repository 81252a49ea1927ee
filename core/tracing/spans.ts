/**
 * The trace of the present work, and its spans.
 *
 * Like log lines, spans are produced everywhere and change no result. They go to one collector of the process and not
 * through every signature. Without a collector, a caller's trace is still passed on and nothing is recorded. A record
 * has a trace header only if there is a trace.
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

/** The description of a span before its work starts. */
export interface SpanStart {
  readonly name: string;
  readonly kind: "server" | "producer" | "consumer";
  readonly attributes: SpanAttributes;
}

/** A completed span. Instants are UTC milliseconds with fractions. */
export interface Span extends SpanStart {
  readonly context: TraceContext;
  readonly parentSpanId: string | undefined;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** The error, if it failed. */
  readonly error: string | undefined;
}

/** A collector of spans. */
export interface SpanCollector {
  /** The part of new traces that is recorded, from 0 to 1. */
  readonly sampledShare: number;
  collect(span: Span): void;
}

const active = new AsyncLocalStorage<TraceContext>();
let collector: SpanCollector | undefined;

/** Sends the spans of this process to a collector until the returned function is called. */
export function collectSpans(to: SpanCollector): () => void {
  collector = to;
  return () => {
    if (collector === to) collector = undefined;
  };
}

/** The trace of the present work, if any. */
export function activeTrace(): TraceContext | undefined {
  return active.getStore();
}

/** Runs work in the trace of a caller's header, if it has one. */
export function withinTrace<Result>(header: unknown, work: () => Result): Result {
  const trace = parseTraceparent(header);
  return trace === undefined ? work() : active.run(trace, work);
}

/** Record headers with the present trace; undefined if there is none. */
export function traceHeaders(): { readonly headers: Record<string, string> } | undefined {
  const trace = active.getStore();
  return trace === undefined ? undefined : headersOf(trace);
}

/** Record headers with a trace. */
export function headersOf(trace: TraceContext): { readonly headers: Record<string, string> } {
  return { headers: { [traceparentHeader]: formatTraceparent(trace) } };
}

/** Runs work as a span of the present trace. Without a trace it starts a new one for a part of the work. */
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
 * Records completed work as a span below `parent`. Returns the context for further spans: the new span, or `parent` if
 * nothing is recorded.
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
