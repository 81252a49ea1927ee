import { contentHashOf, type OrderSnapshot, orderSnapshotCodec } from "@tillcast/schemas";
import { currentFold, postedCodec, postingsOf } from "@tillcast/stream-processors/ledger";
import { line, noon, order, storeId, tenantId } from "@tillcast/stream-processors/testing";
import { describe, expect, it } from "vitest";
import { storedOrder } from "../testing/stored-order.ts";
import { compareHead } from "./compare-head.ts";
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
  compareHead(picture, { storeTenantId, leftNames: new Map() }, foldRevision, differences);
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
    [{ is_withheld: true }, { is_withheld: "false" }, { is_withheld: "true" }],
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

describe("what people read", () => {
  it("are instants, and the number where there is none", () => {
    expect(instantText(noon)).toBe("2026-11-21T11:00:00.000Z");
    expect(instantText(null)).toBe("null");
    expect(instantText(Number.POSITIVE_INFINITY)).toBe("Infinity");
  });

  it("are reasons, whatever was thrown", () => {
    expect([reasonText(new Error("why")), reasonText("plain")]).toEqual(["why", "plain"]);
  });

  it("are read from instants in SQL as milliseconds", () => {
    expect(msOf("at")).toBe("(extract(epoch from at) * 1000)::double precision");
  });
});
