import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readInput } from "./read-input.ts";

const Bill = z.strictObject({
  id: z.string().min(1).max(5),
  status: z.enum(["open", "closed"]),
  amount: z.union([z.string(), z.number()], { error: "must be minor units" }),
  size: z.union([z.string(), z.number()]).optional(),
  guests: z.int().max(10).optional(),
  date: z.iso.date().optional(),
  tested: z.boolean().default(false),
  lines: z
    .array(
      z.strictObject({
        price: z.number(),
        kind: z
          .discriminatedUnion("is", [
            z.strictObject({ is: z.literal("item") }),
            z.strictObject({ is: z.literal("fee") }),
          ])
          .optional(),
      }),
    )
    .max(2)
    .default([]),
});
const bill = { id: "a", status: "open", amount: 1 };

function reasonsOf(input: unknown): Record<string, string> {
  const read = readInput(Bill, input);
  const faults = "faults" in read ? read.faults : [];
  return Object.fromEntries(faults.map(({ field, reason }) => [field, reason]));
}

describe("an input's faults", () => {
  test("a missing field is called missing, whatever its type", () => {
    expect(reasonsOf({ lines: [{}] })).toEqual({
      id: "is missing",
      status: "is missing",
      amount: "is missing",
      "lines[0].price": "is missing",
    });
    expect(reasonsOf({ ...bill, lines: [{ price: 1, kind: {} }] })).toEqual({
      "lines[0].kind.is": "is missing",
    });
    expect(reasonsOf(undefined)).toEqual({ "": "is missing" });
  });

  test("types have plain names", () => {
    const wrong = { ...bill, id: 7, size: true, guests: 1.5, tested: "no", lines: {} };
    expect(reasonsOf(wrong)).toEqual({
      id: "must be text; got a number",
      size: "must be text or a number; got true or false",
      guests: "must be a whole number; got a number",
      tested: "must be true or false; got text",
      lines: "must be a list; got an object",
    });
    expect(reasonsOf([])).toEqual({ "": "must be an object; got a list" });
    expect(reasonsOf({ ...bill, id: null })).toEqual({ id: "must be text; got null" });
  });

  test("a wrong word is told beside those that are taken", () => {
    expect(reasonsOf({ ...bill, status: "paid" })).toEqual({
      status: 'must be one of open, closed; got "paid"',
    });
  });

  test("limits are told with what was sent", () => {
    const lines = [{ price: 1 }, { price: 2 }, { price: 3 }];
    expect(reasonsOf({ ...bill, id: "abcdef", guests: 11, lines })).toEqual({
      id: "must have at most 5 characters; got 6",
      guests: "must be at most 10; got 11",
      lines: "must have at most 2 entries; got 3",
    });
    expect(reasonsOf({ ...bill, id: "" })).toEqual({ id: "must not be empty" });
    expect(reasonsOf({ ...bill, date: "yesterday" })).toEqual({
      date: 'must be a date, such as 2026-11-21; got "yesterday"',
    });
  });

  test("a value and a field's name are repeated up to 80 characters", () => {
    const long = "x".repeat(4_000_000);
    const reasons = reasonsOf({ ...bill, status: long, [long]: 1, date: long });
    expect(reasons.status).toBe(`must be one of open, closed; got "${"x".repeat(80)}…"`);
    expect(reasons[`${"x".repeat(80)}…`]).toBe("unknown field");
    expect(JSON.stringify(reasons).length).toBeLessThan(1_000);
  });

  test("what a schema says itself stays", () => {
    expect(reasonsOf({ ...bill, amount: [] })).toEqual({ amount: "must be minor units" });
  });
});
