import type { StoreRow } from "./store-rows.ts";

/** How the list can be sorted. */
export const sortKeys = ["deviation", "name"] as const;
export type SortKey = (typeof sortKeys)[number];

/** Store ids as the list would be sorted now: those that need someone first. */
export function wantedOrder(rows: readonly StoreRow[], key: SortKey): string[] {
  const compare = key === "name" ? byName : byDeviation;
  return rows.toSorted(compare).map(({ storeId }) => storeId);
}

/**
 * The shown order with stores that left taken out and new ones put at the end: an order on the screen
 * holds until the reader asks for another, so that nothing moves under a pointer.
 */
export function keepOrder(shown: readonly string[], wanted: readonly string[]): string[] {
  const present = new Set(wanted);
  const kept = shown.filter((storeId) => present.has(storeId));
  const known = new Set(kept);
  return [...kept, ...wanted.filter((storeId) => !known.has(storeId))];
}

/** How many rows would stand elsewhere after sorting again. */
export function movesBetween(shown: readonly string[], wanted: readonly string[]): number {
  return shown.filter((storeId, index) => wanted[index] !== storeId).length;
}

function byName(a: StoreRow, b: StoreRow): number {
  return a.name.localeCompare(b.name);
}

/** The furthest below first, then upwards; what cannot be compared comes last. */
function byDeviation(a: StoreRow, b: StoreRow): number {
  return rank(a) - rank(b) || ratio(a) - ratio(b) || byName(a, b);
}

function rank({ deviation, phase }: StoreRow): number {
  if (deviation === undefined || deviation.ratio === null) return 2;
  return phase === "trading" ? 0 : 1;
}

function ratio({ deviation }: StoreRow): number {
  return deviation?.ratio ?? 0;
}
