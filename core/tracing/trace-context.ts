/** The trace that work belongs to, as W3C Trace Context writes it in a header. */

import { randomBytes } from "node:crypto";

/** A place in a trace. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits. */
  readonly spanId: string;
  /** Whether whoever began the trace wants its spans recorded. */
  readonly isSampled: boolean;
}

/** The header's name in HTTP and in the log. */
export const traceparentHeader = "traceparent";

const layout = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const sampledFlag = 1;

/** Reads a `traceparent` header; undefined where it is absent or not one, as the standard asks for. */
export function parseTraceparent(header: unknown): TraceContext | undefined {
  const match = typeof header === "string" ? layout.exec(header) : null;
  if (match === null) return undefined;
  const [, version, traceId = "", spanId = "", flags = "", rest] = match;
  // Later versions may add parts; version 00 has none, and ff is no version.
  if (version === "ff" || (version === "00" && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & sampledFlag) === sampledFlag };
}

/** Writes a `traceparent` header. */
export function formatTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}

/** A place within the same trace, or in a new one, that is recorded. */
export function sampledContext(parent: TraceContext | undefined): TraceContext {
  return {
    traceId: parent?.traceId ?? randomBytes(16).toString("hex"),
    spanId: randomBytes(8).toString("hex"),
    isSampled: true,
  };
}
