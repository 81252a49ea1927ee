import { MINOR_MAX, type OrderPushInput } from "@tillcast/schemas";
import { describe, expect, test } from "vitest";
import { aContext, anOrder } from "../testing/order-builders.ts";
import { normaliseOrder } from "./normalise-order.ts";
import type { OrderContext } from "./order-context.ts";
import { parseOrder } from "./parse-order.ts";

/** A bill of 12.50 with 2.00 tax, of three lines where it must be. */
function reconciled(
  totals: OrderPushInput["totals"],
  change: Partial<OrderPushInput> = {},
  context: Partial<OrderContext> = {},
) {
  const parsed = parseOrder(anOrder({ totals, ...change }));
  if ("faults" in parsed) return parsed.faults;
  const normalised = normaliseOrder(parsed.order, aContext(context));
  if ("faults" in normalised) return normalised.faults;
  const { totals: kept, unreconciled } = normalised.snapshot;
  return { net: kept.net, tax: kept.tax, total: kept.total, unreconciled };
}
const ours = { net: 1250n, tax: 200n, total: 1450n };

describe("totals of a push", () => {
  test("must be the sum of the parts where the feed states no tolerance", () => {
    expect(reconciled({ net: "1250", total: "1450" })).toEqual({ ...ours, unreconciled: null });
    expect(reconciled({ total: "1451" })).toEqual([
      { field: "totals.total", reason: "must be 1450, the sum of the order's parts; got 1451" },
    ]);
  });

  test("may differ by the feed's tolerance and stand; the difference is left over", () => {
    const feed = { toleranceMinor: 2n };
    expect(reconciled({ total: "1452" }, {}, feed)).toEqual({
      ...ours,
      total: 1452n,
      unreconciled: 2n,
    });
    expect(reconciled({ total: "1448" }, {}, feed)).toEqual({
      ...ours,
      total: 1448n,
      unreconciled: -2n,
    });
    expect(reconciled({ total: "1453" }, {}, feed)).toEqual([
      {
        field: "totals.total",
        reason: "must be 1450, the sum of the order's parts, give or take 2; got 1453",
      },
    ]);
  });

  test("differ in what a part says too where no total is given", () => {
    const feed = { toleranceMinor: 1n };
    expect(reconciled({ tax: "201" }, {}, feed)).toEqual({
      net: 1250n,
      tax: 201n,
      total: 1451n,
      unreconciled: 1n,
    });
    // The total was given and fits: nothing is left over.
    expect(reconciled({ tax: "201", total: "1450" }, {}, feed)).toMatchObject({
      unreconciled: null,
    });
  });

  test("with the tip in them leave nothing over", () => {
    expect(reconciled({ total: "1550" }, {}, { toleranceMinor: 5n })).toEqual({
      ...ours,
      unreconciled: null,
    });
    expect(reconciled({ total: "1551" }, {}, { toleranceMinor: 5n })).toMatchObject({
      total: 1451n,
      unreconciled: 1n,
    });
  });

  test("of a till that rounds once for the order may lie as far as the roundings of its parts", () => {
    // 3 x 1.525 of tax: each line rounds to 1.53, the order to 4.58.
    const lines = ["1", "2", "3"].map((key) => ({ key, name: "Tea", gross: "803", tax: "153" }));
    const bill = { lines, payments: [] };
    const byOrder = { roundingBy: "order" } as const;
    expect(reconciled({ tax: "458", total: "2867" }, bill)).toHaveLength(2);
    expect(reconciled({ tax: "458", total: "2867" }, bill, byOrder)).toMatchObject({
      tax: 458n,
      total: 2867n,
      unreconciled: -1n,
    });
    expect(reconciled({ tax: "456" }, bill, byOrder)).toHaveLength(1);
    expect(reconciled({ total: "1451" }, {}, byOrder)).toHaveLength(1);
  });
});

describe("totals of a vendor or a file", () => {
  test.each(["toast", "square", "file"] as const)("stand, however far: %s", (source) => {
    expect(reconciled({ total: "950" }, { source })).toEqual({
      ...ours,
      total: 950n,
      unreconciled: -500n,
    });
    expect(reconciled(undefined, { source })).toEqual({ ...ours, unreconciled: null });
  });

  test("are compared with the sum that is nearest", () => {
    const lines = [
      { key: "1", name: "Soup", gross: "1000" },
      { key: "2", name: "Tea", gross: "300", voidedAt: "2026-11-20T10:20:00Z" },
    ];
    const bill: Partial<OrderPushInput> = { source: "toast", lines, payments: [] };
    expect(reconciled({ total: "1301" }, bill)).toMatchObject({ unreconciled: 1n, total: 1001n });
    expect(reconciled({ total: "1000" }, bill)).toMatchObject({ unreconciled: null });
  });

  test("are refused where the difference could not be kept exactly", () => {
    const lines = [{ key: "1", name: "Soup", gross: "100" }];
    const total = (-MINOR_MAX).toString();
    expect(reconciled({ total }, { source: "toast", lines, payments: [] })).toMatchObject([
      { field: "totals.total" },
    ]);
  });
});
