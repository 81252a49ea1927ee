import { orderSnapshotCodec } from "@tillcast/schemas";
import { describe, expect, it } from "vitest";
import { minute, noon, order } from "../../testing/orders.ts";
import { foldOrders } from "./fold-orders.ts";
import { arrivedOrder } from "./order-head.ts";
import { postingsOf } from "./postings.ts";
import { refoldHeads } from "./refold-heads.ts";

const snapshot = order();

function storedHead() {
  const arrived = arrivedOrder(snapshot, orderSnapshotCodec.encode(snapshot));
  const [stored] = foldOrders(new Map(), [arrived]).heads;
  if (stored === undefined) throw new Error("the order has a head");
  const { readRevision: _, ...head } = stored;
  return head;
}

describe("a head that a newer fold posts again", () => {
  it("moves by the difference, and keeps its order and version", () => {
    const head = storedHead();
    const posted = postingsOf(order({ paidAt: noon + minute, guests: 3 }));
    const again = refoldHeads([{ head, posted }], 7);
    expect(again.heads).toEqual([
      {
        ...head,
        posted,
        foldRevision: 7,
        headRevision: head.headRevision + 1,
        readRevision: head.headRevision,
        postedFrom: noon,
        postedTo: noon + minute,
      },
    ]);
    expect(again.entries.map(({ entry }) => entry.countedAt).toSorted()).toEqual([
      noon,
      noon + minute,
    ]);
    expect(again).toMatchObject({
      added: [posted],
      takenBack: [head.posted],
      stores: new Map([[snapshot.storeId, snapshot.tenantId]]),
      unchanged: 0,
      conflicts: 0,
    });
    const ids = (revision: number) =>
      refoldHeads([{ head, posted }], revision).entries.map(({ entryId }) => entryId);
    expect(ids(7)).toEqual(ids(7));
    expect(new Set([...ids(7), ...ids(8)]).size).toBe(4);
  });

  it("posts nothing where nothing changes", () => {
    const head = storedHead();
    expect(refoldHeads([{ head, posted: head.posted }], 7).entries).toEqual([]);
  });
});
