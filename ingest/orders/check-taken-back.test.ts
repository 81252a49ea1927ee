import type { OrderPushInput } from "@tillcast/schemas";
import { describe, expect, test } from "vitest";
import { faultsIn } from "../testing/normalised.ts";
import { anOrder } from "../testing/order-builders.ts";

describe("what a refund may give back", () => {
  const at = "2026-11-20T10:58:00Z";
  const lines = [
    { key: "1", name: "Food", gross: "1000", tax: "70" },
    { key: "2", name: "Wine", gross: "1000", tax: "190" },
  ];
  const charges = [
    { key: "s", kind: "service" as const, net: "100", tax: "19", lineKey: "2" },
    { key: "g", kind: "gratuity" as const, net: "200" },
  ];
  type Refunds = NonNullable<OrderPushInput["refunds"]>;
  const faults = (refunds: Refunds, changes: Partial<OrderPushInput> = {}) =>
    faultsIn(anOrder({ lines, charges, refunds, ...changes }));
  const only = (field: string, reason: string) => [{ field, reason }];

  test("all of the bill, in as many refunds as there are, and no cent more", () => {
    const half = { key: "a", at, amount: "1300" };
    expect(faults([half, { key: "b", at, amount: "1279" }])).toEqual([]);
    expect(faults([half, { key: "b", at, amount: "1280" }])).toEqual(
      only("refunds[1].amount", "must be at most 1279, what is left of the bill; got 1280"),
    );
    // The one that came later is at fault, wherever it stands.
    const early = { key: "b", at: "2026-11-20T10:57:00Z", amount: "1280" };
    expect(faults([half, early])).toEqual(
      only("refunds[0].amount", "must be at most 1299, what is left of the bill; got 1300"),
    );
    expect(faults([half, { key: "b", at, amount: "9999", status: "pending" }])).toEqual([]);
  });

  test("what it names, and no more", () => {
    const named = (changes: object) => faults([{ key: "a", at, amount: "1309", ...changes }]);
    expect(named({ lineKey: "2" })).toEqual([]);
    expect(named({ lineKey: "1" })).toEqual(
      only(
        "refunds[0].amount",
        'must be at most 1070, what is left of line "1" with its tax and charges; got 1309',
      ),
    );
    expect(named({ chargeKind: "gratuity" })).toEqual(
      only(
        "refunds[0].amount",
        'must be at most 200, what is left of the charges of kind "gratuity"; got 1309',
      ),
    );
    expect(named({ chargeKind: "service", lineKey: "2" })).toEqual(
      only(
        "refunds[0].amount",
        'must be at most 119, what is left of the charges of kind "service" of line "2"; got 1309',
      ),
    );
    expect(named({ amount: "0", tip: "101" })).toEqual(
      only("refunds[0].tip", "must be at most 100, what is left of the tips; got 101"),
    );
    expect(named({ lineKey: "3" })).toEqual(
      only("refunds[0].lineKey", 'must be the key of one of the order\'s lines; got "3"'),
    );
  });

  test("a voided order's money once, and a return's own total", () => {
    const full = [{ key: "a", at, amount: "2579" }];
    const voided = { status: "voided" as const, voidedAt: at };
    expect(faults(full, voided)).toEqual([]);
    expect(faults([...full, { key: "b", at, amount: "1" }], voided)).toHaveLength(1);
    expect(faults(full, { kind: "return" })).toEqual([]);
    expect(faults([{ key: "a", at, amount: "2580" }], { kind: "return" })).toHaveLength(1);
  });

  test("anything of a vendor or a file, whose excess is counted apart, and of what does not count", () => {
    const beyond = [{ key: "a", at, amount: "9999", lineKey: "1" }];
    expect(faults(beyond)).toHaveLength(1);
    for (const change of [
      { source: "file" as const },
      { source: "square" as const },
      { testMode: true },
      { status: "deleted" as const },
      { kind: "non_revenue" as const },
      { status: "open" as const, paidAt: null, closedAt: null, payments: [] },
    ]) {
      expect(faults(beyond, change), JSON.stringify(change)).toEqual([]);
    }
  });
});
