import { type Measures, zeroMeasures } from "@tillcast/schemas";
import { describe, expect, test } from "vitest";
import { entryKindOf, type KindOfEntry } from "./entry-kind.ts";

const at = Date.parse("2026-03-01T11:00:00Z");
const kindOf = (
  values: Partial<Measures>,
  isFirst = true,
  order: Partial<KindOfEntry["order"]> = {},
) =>
  entryKindOf({
    isFirst,
    countedAt: at,
    values: { ...zeroMeasures(), ...values },
    order: { kind: "sale", status: "closed", refunds: [], ...order },
  });
const sold = { gross: 1000n, net: 1000n, orders: 1n };

describe("an entry", () => {
  test("is a sale where its order counts for the first time", () => {
    expect(kindOf(sold)).toBe("sale");
    expect(kindOf({ ...sold, refund: 200n })).toBe("sale");
    expect(kindOf({ ...sold, refund: 200n }, true, { kind: "exchange" })).toBe("sale");
    expect(kindOf({ gross: 0n, discount: 0n, orders: 1n })).toBe("sale");
  });

  test("is a correction where a later picture changes what was counted", () => {
    expect(kindOf({ gross: -500n, net: -500n }, false)).toBe("correction");
    expect(kindOf({ ...sold, gross: 5n }, false)).toBe("correction");
    expect(kindOf({ tip: 100n }, false)).toBe("correction");
    expect(kindOf({ refund: -200n }, false)).toBe("correction");
    expect(kindOf({ refund: 100n }, false, { kind: "return" })).toBe("correction");
  });

  test("is a correction too where both pictures came in one millisecond", () => {
    expect(kindOf({ gross: -500n, net: -500n })).toBe("correction");
  });

  test("is a refund, whether or not it came with the sale", () => {
    expect(kindOf({ refund: 200n, tax: -38n })).toBe("refund");
    expect(kindOf({ refund: 200n, tax: -38n }, false)).toBe("refund");
    const refunds = [{ at, status: "done" as const }];
    expect(kindOf({ tip: -100n }, false, { refunds })).toBe("refund");
    expect(kindOf({ charge_gratuity: -100n }, true, { refunds })).toBe("refund");
  });

  test("is a void where the sale or a line of it is taken back", () => {
    expect(kindOf({ void: 1000n, tax: -190n, orders: -1n }, false)).toBe("void");
    expect(kindOf({ void: 300n }, true)).toBe("void");
    expect(kindOf({ gross: 1000n, net: 1000n, void: 1000n }, true, { status: "voided" })).toBe(
      "void",
    );
  });

  test("is a return where its order is one", () => {
    expect(kindOf({ refund: 1000n, tax: -190n }, true, { kind: "return" })).toBe("return");
  });
});
