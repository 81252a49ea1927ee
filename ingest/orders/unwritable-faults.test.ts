import { OrderPushV1 } from "@tillcast/schemas";
import { expect, it } from "vitest";
import { decideOrder } from "../accept/decide-orders.ts";
import type { ResolvedOrigin } from "../places/resolve-store.ts";
import { aContext, anOrder } from "../testing/order-builders.ts";

const store = aContext();
const { storeId } = store;
const origin = {
  kind: "known",
  store: { ...store, storeId },
  feed: store,
} as ResolvedOrigin;

function decide(change: Parameters<typeof anOrder>[0], writesPresent: boolean) {
  const order = OrderPushV1.parse(anOrder(change));
  const request = { tenantId: store.tenantId, receivedAt: store.receivedAt, writesPresent };
  return decideOrder({ order }, origin, request);
}

const refusals: readonly [string, Parameters<typeof anOrder>[0]][] = [
  ["source", { source: "loyverse" }],
  ["tax", { tax: "30", payments: [] }],
  [
    "lines[0].kind",
    { lines: [{ key: "1", name: "Card", gross: "1250", kind: "gift_card" }], payments: [] },
  ],
];

it.each(refusals)("refuses %s by name while the release before may read it", (field, change) => {
  expect(decide(change, false)).toMatchObject({
    result: "rejected",
    faults: [{ field, reason: expect.stringContaining("upgrade") }],
  });
  expect(decide(change, true)).toMatchObject({ result: "accepted" });
});

it("takes what the release before could say, and a line that says it is an item", () => {
  expect(decide({}, false)).toMatchObject({ result: "accepted" });
  const lines = [{ key: "1", name: "Soup", gross: "1250", tax: "200", kind: "item" as const }];
  expect(decide({ lines }, false)).toMatchObject({ result: "accepted" });
});
