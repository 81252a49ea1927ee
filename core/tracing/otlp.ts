/** Encodes spans in OpenTelemetry's JSON format (OTLP/HTTP, `ExportTraceServiceRequest`). */

import type { Span, SpanAttributes } from "./spans.ts";

/** The protocol's numbers for span kinds. */
const kinds: Readonly<Record<Span["kind"], number>> = { server: 2, producer: 4, consumer: 5 };
const statusError = 2;

/** A request with spans for a collector. `resource` tells which process made them. */
export function otlpRequest(resource: SpanAttributes, spans: readonly Span[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: otlpAttributes(resource) },
        scopeSpans: [{ scope: { name: "tillcast" }, spans: spans.map(otlpSpan) }],
      },
    ],
  };
}

function otlpSpan(span: Span): object {
  const { context, parentSpanId, error } = span;
  return {
    traceId: context.traceId,
    spanId: context.spanId,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    name: span.name,
    kind: kinds[span.kind],
    startTimeUnixNano: unixNano(span.startedAtMs),
    endTimeUnixNano: unixNano(span.endedAtMs),
    attributes: otlpAttributes(span.attributes),
    status: error === undefined ? {} : { code: statusError, message: error },
  };
}

/** Nanoseconds as text, because a float cannot hold present-day nanoseconds exactly. */
function unixNano(instantMs: number): string {
  const wholeMs = Math.floor(instantMs);
  const rest = Math.floor((instantMs - wholeMs) * 1e6);
  return `${wholeMs}${String(rest).padStart(6, "0")}`;
}

function otlpAttributes(attributes: SpanAttributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }));
}

function otlpValue(value: string | number | boolean): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
