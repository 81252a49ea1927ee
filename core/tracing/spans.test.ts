import { afterEach, describe, expect, it } from "vitest";
import {
  activeTrace,
  collectSpans,
  inSpan,
  recordSpan,
  type Span,
  traceHeaders,
  withinTrace,
} from "./spans.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const header = (flags: string) => `00-${traceId}-00f067aa0ba902b7-${flags}`;
const start = { name: "work", kind: "server", attributes: { orders: 2 } } as const;

let spans: Span[] = [];
let stop = () => {};
const collect = (sampledShare: number) => {
  spans = [];
  stop = collectSpans({ sampledShare, collect: (span) => spans.push(span) });
};
afterEach(() => stop());

describe("with tracing off", () => {
  it("no header is made up, and a caller's own is handed on as it came", async () => {
    expect(await inSpan(start, async () => traceHeaders())).toBeUndefined();
    expect(
      await withinTrace(header("01"), () => inSpan(start, async () => traceHeaders())),
    ).toEqual({ headers: { traceparent: header("01") } });
    expect(withinTrace("nonsense", () => traceHeaders())).toBeUndefined();
  });
});

describe("with tracing on", () => {
  it("work is a span below the caller's, and what it hands on is below that", async () => {
    collect(0);
    const headers = await withinTrace(header("01"), () =>
      inSpan(start, async () => traceHeaders()),
    );
    const [span] = spans;
    expect(span).toMatchObject({ ...start, parentSpanId: "00f067aa0ba902b7", error: undefined });
    expect(span?.context.traceId).toBe(traceId);
    expect(headers?.headers.traceparent).toBe(`00-${traceId}-${span?.context.spanId}-01`);
    expect((span?.endedAtMs ?? 0) - (span?.startedAtMs ?? 1)).toBeGreaterThanOrEqual(0);
  });

  it("a share of what comes without a trace begins one", async () => {
    collect(1);
    await inSpan(start, async () => undefined);
    expect(spans).toMatchObject([{ parentSpanId: undefined, context: { isSampled: true } }]);
    collect(0);
    expect(await inSpan(start, async () => traceHeaders())).toBeUndefined();
    expect(spans).toEqual([]);
  });

  it("a caller's wish not to be recorded is kept and handed on", async () => {
    collect(1);
    const headers = await withinTrace(header("00"), () =>
      inSpan(start, async () => traceHeaders()),
    );
    expect(headers?.headers.traceparent).toBe(header("00"));
    expect(spans).toEqual([]);
  });

  it("a fault is told, and thrown on", async () => {
    collect(1);
    const failing = inSpan(start, () => Promise.reject(new Error("no room")));
    await expect(failing).rejects.toThrow("no room");
    expect(spans).toMatchObject([{ error: "no room" }]);
    expect(activeTrace()).toBeUndefined();
  });

  it("work that has ended is recorded below the trace it belonged to", () => {
    collect(1);
    const parent = { traceId, spanId: "00f067aa0ba902b7", isSampled: true };
    const next = recordSpan({ ...start, startedAtMs: 1, endedAtMs: 2.5 }, parent);
    expect(spans).toMatchObject([{ context: next, parentSpanId: parent.spanId, endedAtMs: 2.5 }]);
    const unwanted = { ...parent, isSampled: false };
    expect(recordSpan({ ...start, startedAtMs: 1, endedAtMs: 2 }, unwanted)).toBe(unwanted);
    expect(spans).toHaveLength(1);
  });
});
