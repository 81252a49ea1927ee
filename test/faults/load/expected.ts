import type { OrderPushInput } from "@tillcast/schemas";
import { type ExpectedTotal, expectedTotals, type SimulatedStore } from "@tillcast/simulator";
import { type Slice, stores } from "./slice.ts";

/** What the tables have to hold once everything that was sent is settled. */
export interface Expected {
  /** Takes a slice into account; its orders are in no other. */
  add(slice: Slice): void;
  readonly stores: readonly SimulatedStore[];
  /** Rows of one window may come more than once; they add up. */
  readonly totals: readonly ExpectedTotal[];
  readonly countedIds: ReadonlySet<string>;
  readonly parkedIds: ReadonlySet<string>;
  readonly poison: ReadonlySet<string>;
  readonly rejectedCount: number;
}

/** Expects nothing yet. */
export function expectNothing(): Expected {
  const allStores = [...stores];
  const totals: ExpectedTotal[] = [];
  const countedIds = new Set<string>();
  const parkedIds = new Set<string>();
  const poison = new Set<string>();
  let rejectedCount = 0;
  const idsOf = (orders: readonly OrderPushInput[]) => orders.map(({ orderId }) => orderId);
  return {
    add(slice) {
      const counted = [...slice.pictures, ...slice.shared];
      if (!allStores.includes(slice.lateStore)) allStores.push(slice.lateStore);
      totals.push(...expectedTotals(counted, allStores));
      for (const id of idsOf(counted)) countedIds.add(id);
      for (const id of idsOf(slice.orphans)) parkedIds.add(id);
      for (const text of slice.poison) poison.add(text);
      rejectedCount += slice.spoiled.length;
    },
    stores: allStores,
    totals,
    countedIds,
    parkedIds,
    poison,
    get rejectedCount() {
      return rejectedCount;
    },
  };
}
