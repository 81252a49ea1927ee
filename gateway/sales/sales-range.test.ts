import { AppError } from "@tillcast/core";
import { describe, expect, test } from "vitest";
import { readSalesRange, type SalesGrain } from "./sales-range.ts";

const store = {
  timeZone: "Europe/Berlin",
  closeouts: [{ effectiveFrom: "2020-01-01", closeoutMinute: 240 }],
};
const read = (from: string, to: string, grain: SalesGrain = "hour") =>
  readSalesRange({ from, to, grain }, store);
const iso = (ms: number) => new Date(ms).toISOString();

function faultOf(work: () => unknown): { field: unknown; reason: unknown } {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) {
      return { field: error.fields.field, reason: error.fields.reason };
    }
  }
  throw new Error("nothing was refused");
}

describe("reading from and to", () => {
  test("an instant with an offset is that instant", () => {
    expect(iso(read("2026-03-01T10:00:00Z", "2026-03-01T12:00:00+01:00").endMs)).toBe(
      "2026-03-01T11:00:00.000Z",
    );
    expect(iso(read("2026-03-01T10:00:00.25Z", "2026-03-02").startMs)).toBe(
      "2026-03-01T10:00:00.250Z",
    );
  });

  test("a plus that was not escaped in the address is still a plus", () => {
    expect(iso(read("2026-03-01T10:00:00 01:00", "2026-03-02").startMs)).toBe(
      "2026-03-01T09:00:00.000Z",
    );
  });

  test("without an offset the store's wall clock is meant, on both sides of a clock change", () => {
    const day = read("2026-03-29", "2026-03-30", "day");
    expect([iso(day.startMs), iso(day.endMs)]).toEqual([
      "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
    ]);
    expect(iso(read("2026-07-01T08:30", "2026-07-02").startMs)).toBe("2026-07-01T06:30:00.000Z");
  });

  test("business dates start at the closeout", () => {
    const range = read("2026-03-01", "2026-03-02", "business-day");
    expect(range).toMatchObject({ from: "2026-03-01", to: "2026-03-02" });
    expect(iso(range.startMs)).toBe("2026-03-01T03:00:00.000Z");
  });

  test("the same from and to is an empty range", () => {
    const range = read("2026-03-01", "2026-03-01");
    expect(range.startMs).toBe(range.endMs);
  });

  test.each([
    ["from", "yesterday", "2026-03-01", "hour"],
    ["from", "2026-02-30", "2026-03-01", "hour"],
    ["to", "2026-03-01", "2026-03-01T24:00", "hour"],
    ["to", "2026-03-01", "2026-03-01T10:00:00+19:00", "hour"],
    ["from", "1999-12-31", "2000-01-02", "day"],
    ["from", "2026-03-01T00:00:00Z", "2026-03-02", "business-day"],
  ] as const)("%s is named when it cannot be read (%s to %s by %s)", (field, from, to, grain) => {
    expect(faultOf(() => read(from, to, grain)).field).toBe(`query.${field}`);
  });

  test("to before from is refused, and names to", () => {
    expect(faultOf(() => read("2026-03-02", "2026-03-01"))).toEqual({
      field: "query.to",
      reason: "lies before from",
    });
  });

  test("a range beyond its grain's limit is refused and says the limit", () => {
    expect(() => read("2026-01-01", "2026-03-04", "15m")).not.toThrow();
    expect(faultOf(() => read("2026-01-01", "2026-03-05", "15m")).reason).toContain("62 days");
    expect(faultOf(() => read("2024-01-01", "2026-01-01", "hour")).reason).toContain("400 days");
    expect(faultOf(() => read("2000-01-01", "2020-01-01", "business-day")).field).toBe("query.to");
  });
});
