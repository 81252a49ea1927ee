/** Trace contexts, in the header format of W3C Trace Context. */

import { randomBytes } from "node:crypto";

/** A span within a trace. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether the starter of the trace wants its spans recorded. */
  readonly isSampled: boolean;
}

/** The header's name in HTTP and in the log. */
export const traceparentHeader = "traceparent";

const layout = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const sampledFlag = 1;

/** Parses a `traceparent` header; undefined if it is missing or invalid, as the standard requires. */
export function parseTraceparent(header: unknown): TraceContext | undefined {
  const match = typeof header === "string" ? layout.exec(header) : null;
  if (match === null) return undefined;
  const [, version, traceId = "", spanId = "", flags = "", rest] = match;
  // Later versions may have more parts. Version 00 has none, and ff is invalid.
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & sampledFlag) === sampledFlag };
}

/** Writes a `traceparent` header. */
export function formatTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}

/** A new recorded span in the same trace, or in a new trace. */
export function sampledContext(parent: TraceContext | undefined): TraceContext {
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    isSampled: true,
  };
}
