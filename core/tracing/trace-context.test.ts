import { describe, expect, it } from "vitest";
import { formatTraceparent, parseTraceparent, sampledContext } from "./trace-context.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const spanId = "00f067aa0ba902b7";

describe("a traceparent header", () => {
  it("is read and written the same", () => {
    for (const flags of ["00", "01"]) {
      const header = `00-${traceId}-${spanId}-${flags}`;
      const context = parseTraceparent(header);
      expect(context).toEqual({ traceId, spanId, isSampled: flags === "01" });
      expect(context && formatTraceparent(context)).toBe(header);
    }
  });

  it("of a later version is read as far as it is known", () => {
    expect(parseTraceparent(`01-${traceId}-${spanId}-03-more`)).toMatchObject({ isSampled: true });
  });

  it.each([
    undefined,
    "",
    ["a list"],
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${"0".repeat(32)}-${spanId}-01`,
    `00-${traceId}-${"0".repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}`,
    `00-${traceId}-${spanId}-01\r\nx-other: 1`,
  ])("is ignored where it is not one: %j", (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

it("a span within a trace keeps the trace, and one without begins one", () => {
  const parent = { traceId, spanId, isSampled: true };
  expect(sampledContext(parent)).toMatchObject({ traceId, isSampled: true });
  expect(sampledContext(parent).spanId).not.toBe(spanId);
  expect(sampledContext(undefined).traceId).toMatch(/^[0-9a-f]{32}$/);
});
