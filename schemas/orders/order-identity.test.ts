import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareVersions, feedKeyOf, orderKeyOf, orderKeyText } from "./order-identity.ts";
import { isRevenue, lineKinds } from "./order-words.ts";

const identity = { tenantId: "t", source: "push", accountId: "a", orderId: "1" };

describe("an order's key", () => {
  it("is the beginning of the hash of its identity", () => {
    const digest = createHash("sha256").update("t\0push\0a\x001").digest().subarray(0, 16);
    expect(orderKeyOf(identity)).toEqual(digest);
    expect(Buffer.from(orderKeyText(identity), "latin1")).toEqual(digest);
  });

  it("is another where any part of the identity is", () => {
    const others = (["tenantId", "source", "accountId", "orderId"] as const).map((part) =>
      orderKeyText({ ...identity, [part]: "x" }),
    );
    expect(new Set([orderKeyText(identity), ...others]).size).toBe(5);
  });
});

describe("a feed's key", () => {
  it("names tenant, source, account and location", () => {
    expect(feedKeyOf({ ...identity, locationId: "l" })).toBe("t/push/a/l");
  });
});

describe("versions", () => {
  const version = { vendorVersion: 2, mappingRevision: 2, observedAt: 2, hash: "b" };

  it.each([
    { vendorVersion: 3, mappingRevision: 1, observedAt: 1, hash: "a" },
    { mappingRevision: 3, observedAt: 1, hash: "a" },
    { observedAt: 3, hash: "a" },
    { hash: "c" },
  ])("are newer by %o, whatever stands behind it", (newer) => {
    expect(compareVersions({ ...version, ...newer }, version)).toBeGreaterThan(0);
    expect(compareVersions(version, { ...version, ...newer })).toBeLessThan(0);
  });

  it("are the same picture only where all parts are equal", () => {
    expect(compareVersions(version, { ...version })).toBe(0);
  });

  it("are in one order for everybody", () => {
    const part = fc.integer({ min: 0, max: 2 });
    const versions = fc.record({
      vendorVersion: part,
      mappingRevision: part,
      observedAt: part,
      hash: fc.constantFrom("a", "b"),
    });
    fc.assert(
      fc.property(fc.array(versions), (list) => {
        const sorted = list.toSorted(compareVersions);
        expect(list.toReversed().toSorted(compareVersions)).toEqual(sorted);
      }),
    );
  });
});

describe("kinds of line", () => {
  it("are revenue unless money is taken for no sale", () => {
    expect(lineKinds.filter(isRevenue)).toEqual(["item", "fee", "other"]);
    expect(isRevenue(undefined)).toBe(true);
  });
});
