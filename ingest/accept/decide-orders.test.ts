import { OrderPushV1 } from "@tillcast/schemas";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Feed } from "../places/feed-rows.ts";
import { feedNameOf, permitted, resolveStore, storeIdsOf } from "../places/resolve-store.ts";
import { aContext, anOrder } from "../testing/order-builders.ts";
import { type Decision, decideOrder, markDuplicates } from "./decide-orders.ts";
import { type KnownVersion, standingOf } from "./known-versions.ts";

const context = aContext();
const known = { kind: "known", store: context, feed: context } as const;
const request = { tenantId: context.tenantId, receivedAt: context.receivedAt };
const decide = (vendorVersion: number, guests: number): Decision =>
  decideOrder(
    { order: OrderPushV1.parse(anOrder({ version: { vendorVersion }, guests })) },
    known,
    request,
  );

describe("duplicates", () => {
  test("an order is appended only when it is newer than, or contradicts, what came before", () => {
    const picture = fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }));
    fc.assert(
      fc.property(fc.array(picture, { maxLength: 8 }), (pictures) => {
        const decided = pictures.map(([version, guests]) => decide(version, guests));
        const marked = markDuplicates(decided, new Map());
        let newest: KnownVersion | undefined;
        marked.forEach((decision) => {
          if (decision.result !== "accepted" && decision.result !== "duplicate") return;
          const { version } = decision.snapshot;
          const standing = newest === undefined ? "newer" : standingOf(version, newest);
          const isTaken = standing === "newer" || standing === "conflicting";
          expect(decision.result).toBe(isTaken ? "accepted" : "duplicate");
          if (isTaken) newest = version;
        });
        const last = Math.max(0, ...pictures.map(([version]) => version));
        expect(newest?.vendorVersion ?? 0).toBe(last);
      }),
    );
  });

  test("a mapping that was raised wins over the same vendor version, and not over a newer one", () => {
    const at = (vendorVersion: number, mappingRevision: number) => ({
      vendorVersion,
      mappingRevision,
      observedAt: 0,
      hash: "a",
    });
    expect(standingOf(at(1, 2), at(1, 1))).toBe("newer");
    expect(standingOf(at(1, 2), at(2, 1))).toBe("older");
    expect(standingOf(at(1, 1), at(1, 1))).toBe("same");
    expect(standingOf(at(1, 1), { ...at(1, 1), hash: "b" })).toBe("conflicting");
  });
});

describe("places", () => {
  const storeId = context.storeId;
  const stores = new Map([[storeId, context]]);
  const feed: Feed = {
    source: "push",
    accountId: "default",
    locationId: "main",
    storeId,
    mappingRevision: 1,
    authorityFrom: null,
    authorityTo: null,
    numbering: "unknown" as const,
    isOnlyLocation: true,
    roundingBy: "line",
    toleranceMinor: 0n,
    feedCurrency: null,
  };
  const place = { source: "push", accountId: "default" };

  test("a store is found by its id, by its feed, or by a location that is its id", () => {
    const upper = storeId.toUpperCase();
    expect(resolveStore({ ...place, storeId: upper }, undefined, stores)).toEqual({
      store: context,
    });
    expect(resolveStore({ ...place, locationId: "main" }, feed, stores)).toEqual({
      store: context,
    });
    expect(resolveStore({ ...place, locationId: upper }, undefined, stores)).toEqual({
      store: context,
    });
    expect(storeIdsOf({ ...place, locationId: "main" }, feed)).toEqual([storeId]);
  });

  test("an unknown location is no fault; an unknown store and another store's location are", () => {
    const unmapped = { ...feed, storeId: null };
    expect(resolveStore({ ...place, locationId: "main" }, unmapped, stores)).toHaveProperty(
      "reason",
    );
    const other = { ...place, storeId: "99999999-9999-4999-8999-999999999999" };
    expect(resolveStore(other, undefined, stores)).toEqual({
      fault: { field: "storeId", reason: "is not a store of this tenant" },
    });
    const elsewhere = { ...feed, storeId: other.storeId };
    expect(resolveStore({ ...place, storeId }, elsewhere, stores)).toHaveProperty("fault");
  });

  test("a store without a location is a location of its own, and nothing at all is no place", () => {
    expect(feedNameOf({ ...place, storeId })).toEqual({ ...place, locationId: storeId });
    expect(feedNameOf(place)).toBeUndefined();
  });

  test("an order in another currency than its feed's is parked, and says so", () => {
    const inEuros = {
      kind: "known",
      store: context,
      feed: { ...context, feedCurrency: "EUR" },
    } as const;
    const decided = (currency: string) =>
      decideOrder({ order: OrderPushV1.parse(anOrder({ currency })) }, inEuros, request);
    expect(decided("EUR").result).toBe("accepted");
    expect(decided("USD")).toMatchObject({
      result: "parked",
      field: "currency",
      reason: "the order is in USD, and this feed's orders are in EUR",
      triedRevision: context.mappingRevision,
    });
  });

  test("credentials for some stores write to those alone", () => {
    expect(permitted(known, null).kind).toBe("known");
    expect(permitted(known, [storeId]).kind).toBe("known");
    expect(permitted(known, []).kind).toBe("refused");
  });
});
