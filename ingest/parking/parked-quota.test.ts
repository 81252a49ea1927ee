import fc from "fast-check";
import { expect, test } from "vitest";
import type { OrderToPark } from "./park-orders.ts";
import { admit } from "./parked-quota.ts";

const ofBytes = (length: number) => ({ payload: "x".repeat(length - 2) }) as OrderToPark;

test("whatever the sizes, no limit is passed, and only what does not fit is refused", () => {
  const sizes = fc.array(fc.integer({ min: 2, max: 50 }), { maxLength: 40 });
  const limits = fc.record({
    ordersMax: fc.integer({ min: 0, max: 30 }),
    bytesMax: fc.integer({ min: 0, max: 600 }),
  });
  fc.assert(
    fc.property(sizes, limits, (lengths, { ordersMax, bytesMax }) => {
      const nothing = { orders: 0, bytes: 0 };
      const { faults, use } = admit(nothing, lengths.map(ofBytes), { ordersMax, bytesMax });
      expect(use.orders).toBeLessThanOrEqual(ordersMax);
      expect(use.bytes).toBeLessThanOrEqual(bytesMax);
      const kept = lengths.filter((_, at) => faults[at] === undefined);
      expect(use).toEqual({ orders: kept.length, bytes: kept.reduce((sum, one) => sum + one, 0) });
      const largest = Math.max(0, ...lengths.filter((_, at) => faults[at] !== undefined));
      const isFull = use.orders === ordersMax || use.bytes + largest > bytesMax;
      expect(largest === 0 || isFull).toBe(true);
    }),
  );
});
