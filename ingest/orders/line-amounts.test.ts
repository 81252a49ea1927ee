import { expect, test } from "vitest";
import { faultsIn, snapshotOf } from "../testing/normalised.ts";
import { anOrder } from "../testing/order-builders.ts";

const fieldsIn = (order: unknown) => faultsIn(order).map((fault) => fault.field);

test("a deposit given back is negative, lowers the total, and nothing else is negative", () => {
  const bottles = { key: "d", name: "Bottles back", kind: "deposit" as const, gross: "-200" };
  const soup = { key: "1", name: "Soup", gross: "1250", tax: "200" };
  const snapshot = snapshotOf(anOrder({ lines: [soup, bottles] }));
  expect(snapshot.lines[1]).toMatchObject({ gross: -200n, net: -200n, revenue: false });
  expect(snapshot.totals).toMatchObject({ gross: 1050n, net: 1050n, total: 1250n });
  expect(snapshotOf(anOrder({ lines: [{ ...bottles, tax: "-32" }] })).totals.total).toBe(-232n);
  const coupon = { ...bottles, kind: "item" as const, net: "-200", tax: "-1" };
  expect(fieldsIn(anOrder({ lines: [soup, coupon] }))).toEqual([
    "lines[1].gross",
    "lines[1].net",
    "lines[1].tax",
  ]);
  expect(faultsIn(anOrder({ lines: [{ ...bottles, discount: "1" }] }))).toEqual([
    {
      field: "lines[0].gross",
      reason: "must not be negative; only a deposit given back is, without a discount",
    },
  ]);
});

test("a deposit given back in an exchange keeps its own sign", () => {
  const bottles = {
    key: "d",
    name: "Bottles",
    kind: "deposit" as const,
    gross: "-200",
    qty: "-4",
  };
  expect(snapshotOf(anOrder({ kind: "exchange", lines: [bottles] })).totals.total).toBe(-200n);
});

test("a mixed line may have tax inside and tax on top, so its net lies between", () => {
  const net = (value: string) =>
    faultsIn(
      anOrder({
        taxMode: "mixed",
        lines: [{ key: "1", name: "Soup", gross: "1200", tax: "300", net: value }],
      }),
    );
  for (const value of ["900", "1000", "1200"]) expect(net(value)).toEqual([]);
  expect(net("899")).toEqual([
    {
      field: "lines[0].net",
      reason: "must lie between 900 (tax inside) and 1200 (tax on top); got 899",
    },
  ]);
  expect(net("1201")).toHaveLength(1);
  const comp = { key: "1", name: "Soup", gross: "100", discount: "101", net: "-1" };
  expect(fieldsIn(anOrder({ taxMode: "mixed", lines: [comp] }))).toEqual(["lines[0].net"]);
});

test("a comp a cent over is refused at push, and of a file counted with the cent unreconciled", () => {
  const comp = { key: "1", name: "Soup", gross: "1250", discount: "1251" };
  const tea = { key: "2", name: "Tea", gross: "300" };
  expect(faultsIn(anOrder({ lines: [comp, tea] }))).toEqual([
    { field: "lines[0].discount", reason: "gross - discount must not be negative" },
  ]);
  const ofFile = snapshotOf(anOrder({ source: "file", lines: [comp, tea] }));
  expect(ofFile.lines[0]).toMatchObject({ gross: 1250n, discount: 1250n, net: 0n });
  expect(ofFile).toMatchObject({ unreconciled: -1n, totals: { net: 300n } });
  const inside = { ...comp, discount: "1052", tax: "200" };
  const inclusive = snapshotOf(anOrder({ source: "toast", taxMode: "inclusive", lines: [inside] }));
  expect(inclusive).toMatchObject({ unreconciled: -2n, lines: [{ discount: 1050n, net: 0n }] });
  expect(snapshotOf(anOrder({ source: "file", lines: [tea] })).unreconciled).toBeNull();
});

test("a comp a cent over is left over once where totals are stated, and taken within a tolerance", () => {
  const comp = { key: "1", name: "Soup", gross: "1250", discount: "1251" };
  const tea = { key: "2", name: "Tea", gross: "300" };
  const stated = anOrder({ source: "square", lines: [comp, tea], totals: { total: "299" } });
  expect(snapshotOf(stated)).toMatchObject({ unreconciled: -1n, totals: { total: 299n } });
  const tolerated = snapshotOf(anOrder({ lines: [comp, tea] }), { toleranceMinor: 1n });
  expect(tolerated).toMatchObject({ unreconciled: -1n, totals: { total: 300n } });
});

test("tax of the order as a whole is in its totals", () => {
  const lines = [{ key: "1", name: "Soup", gross: "1250" }];
  const taxed = anOrder({ lines, tax: "237", totals: { tax: "237", total: "1487" } });
  expect(snapshotOf(taxed).totals).toMatchObject({ net: 1250n, tax: 237n, total: 1487n });
  expect(fieldsIn({ ...taxed, tax: "236" })).toEqual(["totals.tax", "totals.total"]);
});

test("an order of two checks has the business date of the payment that covers it", () => {
  const payments = [
    { key: "a", method: "card", amount: "700", at: "2026-11-20T22:00:00Z" },
    { key: "b", method: "cash", amount: "750", at: "2026-11-21T04:00:00Z" },
  ];
  const unpaid = anOrder({ status: "open", paidAt: null, closedAt: null, payments });
  expect(snapshotOf(unpaid).businessDate).toBe("2026-11-21");
  const half = snapshotOf({ ...unpaid, payments: payments.slice(0, 1) });
  expect(half.businessDate).toBe("2026-11-20");
});

test("payments cover the total that the vendor states, not the sum of the parts", () => {
  const lines = [{ key: "1", name: "Soup", gross: "1000" }];
  const stated = (total: string, amount: string) => {
    const payments = [{ key: "a", method: "card", amount, at: "2026-11-21T04:00:00Z" }];
    const unpaid = { status: "open" as const, paidAt: null, closedAt: null, payments };
    return snapshotOf(anOrder({ source: "square", lines, ...unpaid, totals: { total } }));
  };
  const counted = "2026-11-21";
  expect(stated("1001", "1001")).toMatchObject({ unreconciled: 1n, businessDate: counted });
  expect(stated("999", "999")).toMatchObject({ unreconciled: -1n, businessDate: counted });
  expect(stated("1001", "1000").businessDate).toBe("2026-11-20");
  expect(stated("999", "998").businessDate).toBe("2026-11-20");
});
