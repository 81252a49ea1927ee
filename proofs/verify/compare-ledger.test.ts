import type { postingsOf } from "@tillcast/stream-processors/ledger";
import { postedCodec } from "@tillcast/stream-processors/ledger";
import { line, minute, noon, order, storeId, tenantId } from "@tillcast/stream-processors/testing";
import { describe, expect, it } from "vitest";
import { storedOrder } from "../testing/stored-order.ts";
import { compareLedger, type StoredEntry } from "./compare-ledger.ts";
import { makeDifferences } from "./differences.ts";
import type { StoredHead } from "./head-columns.ts";
import { instantText } from "./readable.ts";

const stored = storedOrder(order({ channel: "takeout" }));
const openOrder = order({ orderId: "open", status: "open", paidAt: null, closedAt: null });

function ledgerDifferences(
  head: StoredHead,
  entries: readonly StoredEntry[],
  posted: ReturnType<typeof postingsOf> | undefined = postedCodec.decode(head.posted),
) {
  const differences = makeDifferences();
  compareLedger(head, posted, entries, differences);
  return differences.named;
}

const [entry] = stored.entries as [StoredEntry];
const withEntry = (changes: Partial<StoredEntry>) =>
  ledgerDifferences(stored.head, [{ ...entry, ...changes }]);

describe("a ledger", () => {
  const edited = storedOrder(
    order({ vendorVersion: 1 }),
    order({ vendorVersion: 2, receivedAt: noon + minute, lines: [line({ net: 700n })] }),
  );

  it("sums to what the head posted", () => {
    expect(ledgerDifferences(stored.head, stored.entries)).toEqual([]);
    expect(edited.entries).toHaveLength(2);
    expect(ledgerDifferences(edited.head, edited.entries)).toEqual([]);
  });

  it("differs by the amount that is wrong", () => {
    expect(withEntry({ net: 1_001n })).toEqual([
      {
        table: "ledger_entry",
        key: `order push/default/order-1, key ${stored.head.order_key.toString("hex")}, store ${storeId}, counted 2026-11-21T11:00:00.000Z, business date 2026-11-21, takeout, EUR`,
        expected: { net: "1000" },
        found: { net: "1001" },
      },
    ]);
  });

  it.each<[string, Partial<StoredEntry>]>([
    ["store", { store_id: "x" }],
    ["instant", { counted_at: noon + 1 }],
    ["business date", { business_date: "2026-11-22" }],
    ["channel", { channel: 99 }],
    ["currency", { currency: "USD" }],
  ])("differs at either place when an entry counts at another %s", (_, changes) => {
    const sums = withEntry(changes).filter(({ table }) => table === "ledger_entry");
    expect(sums.map(({ expected, found }) => [expected.net, found.net])).toEqual([
      ["1000", "0"],
      ["0", "1000"],
    ]);
  });

  it("is of the head's tenant, entry by entry", () => {
    expect(withEntry({ tenant_id: "x" })).toMatchObject([
      {
        key: expect.stringContaining(`entry ${entry.entry_id.toString("hex")}`),
        expected: { tenant_id: tenantId },
        found: { tenant_id: "x" },
      },
    ]);
  });

  it("of an order seen once has ids and instants that are known", () => {
    const id = { entry_id: Buffer.from("00", "hex") };
    expect(withEntry(id)).toMatchObject([
      { expected: { entry_id: entry.entry_id.toString("hex") }, found: { entry_id: "00" } },
    ]);
    expect(withEntry({ occurred_at: noon })).toMatchObject([
      {
        expected: { occurred_at: instantText(noon - 40 * minute) },
        found: { occurred_at: instantText(noon) },
      },
    ]);
    expect(withEntry({ recorded_at: noon })).toMatchObject([
      {
        expected: { recorded_at: instantText(noon + 1_000) },
        found: { recorded_at: instantText(noon) },
      },
    ]);
  });

  it("of an edited order knows when the newest version was recorded, and no earlier one", () => {
    const [first, second] = edited.entries as [StoredEntry, StoredEntry];
    const late = (one: StoredEntry) => ({ ...one, recorded_at: noon + 2 * minute });
    expect(ledgerDifferences(edited.head, [late(first), second])).toEqual([]);
    expect(ledgerDifferences(edited.head, [first, late(second)])).toMatchObject([
      {
        expected: { recorded_at: instantText(noon + minute) },
        found: { recorded_at: instantText(noon + 2 * minute) },
      },
    ]);
  });

  it("spans the instants that the head says", () => {
    const moved = storedOrder(
      order({ vendorVersion: 1 }),
      order({ vendorVersion: 2, paidAt: noon + minute }),
    );
    expect(ledgerDifferences(moved.head, moved.entries)).toEqual([]);
    const { head } = moved;
    expect(ledgerDifferences({ ...head, posted_from: noon + 1 }, moved.entries)).toMatchObject([
      { table: "order_head", expected: { posted_from: instantText(noon) } },
    ]);
    expect(ledgerDifferences({ ...head, posted_to: null }, moved.entries)).toMatchObject([
      { expected: { posted_to: instantText(noon + minute) }, found: { posted_to: "null" } },
    ]);
    const open = storedOrder(openOrder);
    expect(open.entries).toEqual([]);
    expect(ledgerDifferences(open.head, [])).toEqual([]);
  });

  it("is held against nothing where nothing can be read, save for whose it is", () => {
    const differences = makeDifferences();
    compareLedger(stored.head, undefined, [{ ...entry, net: 5n, tenant_id: "x" }], differences);
    expect(differences.named).toMatchObject([{ found: { tenant_id: "x" } }]);
  });
});
