import {
  channelText,
  contentHashOf,
  type OrderSnapshot,
  orderSnapshotCodec,
} from "@tillcast/schemas";
import { describe, expect, it } from "vitest";
import { currentFold } from "../ledger/fold/fold.ts";
import { postedCodec } from "../ledger/fold/posted.ts";
import { postingsOf } from "../ledger/fold/postings.ts";
import { line, minute, noon, order, storeId, tenantId } from "../testing/orders.ts";
import { storedOrder } from "../testing/stored-order.ts";
import { compareHead } from "./compare-head.ts";
import { compareLedger, type StoredEntry } from "./compare-ledger.ts";
import { makeDifferences } from "./differences.ts";
import { postedColumns, type StoredHead } from "./head-columns.ts";
import type { HeadPicture } from "./read-head.ts";
import { instantText, msOf, reasonText } from "./readable.ts";

const hashed = (snapshot: OrderSnapshot): OrderSnapshot => ({
  ...snapshot,
  version: { ...snapshot.version, hash: contentHashOf(snapshot) },
});

const once = hashed(order({ receiptNumber: "17", channel: "takeout" }));
const stored = storedOrder(once);
const openOrder = order({ orderId: "open", status: "open", paidAt: null, closedAt: null });

/** A head as it is read when nothing is damaged. */
function pictureOf(head: StoredHead, changes: Partial<HeadPicture> = {}): HeadPicture {
  const snapshot = orderSnapshotCodec.decode(head.snapshot);
  return {
    head,
    snapshot: { value: snapshot },
    posted: { value: postedCodec.decode(head.posted) },
    folded: { value: postingsOf(snapshot) },
    ...changes,
  };
}

const revision = currentFold.revision;

function headDifferences(
  picture: HeadPicture,
  storeTenantId: string | null = tenantId,
  foldRevision = revision,
) {
  const differences = makeDifferences();
  compareHead(picture, { storeTenantId }, foldRevision, differences);
  return differences.named;
}

const changed = (changes: Partial<StoredHead>) =>
  headDifferences(pictureOf({ ...stored.head, ...changes }));

describe("a head", () => {
  it("is equal to what its snapshot makes of it", () => {
    expect(headDifferences(pictureOf(stored.head))).toEqual([]);
    expect(headDifferences(pictureOf(storedOrder(openOrder).head))).toEqual([]);
  });

  it.each<[Partial<StoredHead>, Record<string, string>, Record<string, string>]>([
    [{ source: "file" }, { source: "push" }, { source: "file" }],
    [{ account_id: "x" }, { account_id: "default" }, { account_id: "x" }],
    [{ location_id: "x" }, { location_id: "loc" }, { location_id: "x" }],
    [{ order_id: "x" }, { order_id: "order-1" }, { order_id: "x" }],
    [{ tenant_id: "x" }, { tenant_id: tenantId }, { tenant_id: "x" }],
    [{ store_id: "x" }, { store_id: storeId }, { store_id: "x" }],
    [{ vendor_version: 2n }, { vendor_version: "1" }, { vendor_version: "2" }],
    [{ mapping_revision: 2 }, { mapping_revision: "1" }, { mapping_revision: "2" }],
    [{ content_hash: "x" }, { content_hash: once.version.hash }, { content_hash: "x" }],
    [
      { observed_at: noon + 1 },
      { observed_at: "2026-11-21T11:00:00.000Z" },
      { observed_at: "2026-11-21T11:00:00.001Z" },
    ],
    [
      { recorded_at: Number.POSITIVE_INFINITY },
      { recorded_at: "2026-11-21T11:00:01.000Z" },
      { recorded_at: "Infinity" },
    ],
    [{ is_open: true }, { is_open: "false" }, { is_open: "true" }],
    [{ head_revision: 0 }, { head_revision: "at least 1" }, { head_revision: "0" }],
    [{ fold_revision: 0 }, { fold_revision: `1 to ${revision}` }, { fold_revision: "0" }],
    [
      { fold_revision: revision + 1 },
      { fold_revision: `1 to ${revision}` },
      { fold_revision: String(revision + 1) },
    ],
  ])("differs where %o", (changes, expected, found) => {
    expect(changed(changes)).toMatchObject([{ table: "order_head", expected, found }]);
    expect(Object.keys(changed(changes)[0]?.found ?? {})).toEqual(Object.keys(found));
  });

  it("is named by its order, its key and its store", () => {
    const order_key = Buffer.from("abcd", "hex");
    expect(changed({ order_key })).toEqual([
      {
        table: "order_head",
        key: `order push/default/order-1, key abcd, store ${storeId}`,
        expected: { order_key: stored.head.order_key.toString("hex") },
        found: { order_key: "abcd" },
      },
    ]);
  });

  it("belongs to its store's tenant, where the store is known", () => {
    expect(headDifferences(pictureOf(stored.head), "another")).toMatchObject([
      { expected: { "snapshot.tenantId": "another" }, found: { "snapshot.tenantId": tenantId } },
    ]);
    expect(headDifferences(pictureOf(stored.head), null)).toEqual([]);
  });

  it("holds the content that its hash was taken of", () => {
    const altered = { ...once, receiptNumber: "18" };
    const differences = changed({ snapshot: orderSnapshotCodec.encode(altered) });
    expect(differences).toMatchObject([
      {
        expected: { "snapshot.content": once.version.hash },
        found: { "snapshot.content": contentHashOf(altered) },
      },
    ]);
    const byOlderShape = { schema_fingerprint: Buffer.from("00", "hex") };
    expect(changed({ snapshot: orderSnapshotCodec.encode(altered), ...byOlderShape })).toEqual([]);
  });

  it("posted what the fold makes of its snapshot, field by field", () => {
    const posted = postingsOf({ ...once, lines: [line({ net: 999n })] });
    expect(changed({ posted: postedCodec.encode(posted) })).toMatchObject([
      {
        expected: {
          "posted.entries.0.values.net": "1000",
          "posted.entries.0.values.gross": "1000",
          "posted.items.0.gross": "1000",
          "posted.items.0.net": "1000",
        },
        found: {
          "posted.entries.0.values.net": "999",
          "posted.entries.0.values.gross": "999",
          "posted.items.0.gross": "999",
          "posted.items.0.net": "999",
        },
      },
    ]);
  });

  it("that an older fold posted may differ from this one's", () => {
    const posted = postedCodec.encode(postingsOf({ ...once, lines: [line({ net: 999n })] }));
    const head = { ...stored.head, posted };
    expect(headDifferences(pictureOf(head), tenantId, revision + 1)).toEqual([]);
  });

  it("whose bytes cannot be read says why", () => {
    const fault = { fault: "truncated buffer" };
    expect(
      headDifferences(pictureOf(stored.head, { snapshot: fault, folded: fault })),
    ).toMatchObject([
      { expected: { snapshot: "readable" }, found: { snapshot: "truncated buffer" } },
    ]);
    expect(headDifferences(pictureOf(stored.head, { posted: fault }))).toMatchObject([
      { expected: { posted: "readable" }, found: { posted: "truncated buffer" } },
    ]);
    expect(headDifferences(pictureOf(stored.head, { folded: { fault: "no zone" } }))).toMatchObject(
      [{ expected: { snapshot: "can be folded" }, found: { snapshot: "no zone" } }],
    );
  });
});

describe("what was posted as columns", () => {
  it("leaves amounts of zero away, so that a measure that is new equals one that was not there", () => {
    const posted = postingsOf(once);
    const [entry] = posted.entries;
    if (entry === undefined) throw new Error("the order counts");
    const shorter = { ...posted, entries: [{ ...entry, values: entry.values.slice(0, -1) }] };
    expect(postedColumns(shorter)).toEqual(postedColumns(posted));
    expect(postedColumns(posted)).toMatchObject({
      "posted.storeId": storeId,
      "posted.channel": "takeout",
      "posted.open": "null",
      "posted.entries.0.values.orders": "1",
      "posted.items.0.quantity": "1000000",
    });
  });
});

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

describe("what people read", () => {
  it("are instants, and the number where there is none", () => {
    expect(instantText(noon)).toBe("2026-11-21T11:00:00.000Z");
    expect(instantText(null)).toBe("null");
    expect(instantText(Number.POSITIVE_INFINITY)).toBe("Infinity");
  });

  it("are channels, and the number that no code wrote", () => {
    expect([channelText(0), channelText(99)]).toEqual(["dine_in", "channel number 99"]);
  });

  it("are reasons, whatever was thrown", () => {
    expect([reasonText(new Error("why")), reasonText("plain")]).toEqual(["why", "plain"]);
  });

  it("are read from instants in SQL as milliseconds", () => {
    expect(msOf("at")).toBe("(extract(epoch from at) * 1000)::double precision");
  });
});
