import { addVector, isZeroVector, zeroVector } from "./measure-vector.ts";
import type { Posted, PostedEntry } from "./posted.ts";

/** Where an entry counts: the store, the channel and the currency of the picture that posts it. */
export type Place = Pick<Posted, "storeId" | "channel" | "currency">;

/** A signed change of one store's sales at one instant: what becomes a ledger entry. */
export interface EntryChange {
  readonly place: Place;
  readonly entry: PostedEntry;
}

/** `after - before`, each by its own key; entries that cancel out are left away. */
export function entryDifferences(before: Posted | null, after: Posted): EntryChange[] {
  // Nine orders in ten are seen once; their entries are distinct already.
  if (before === null) return after.entries.map((entry) => ({ place: after, entry }));
  const changes = new Map<string, EntryChange>();
  for (const [place, factor] of [
    [before, -1],
    [after, 1],
  ] as const) {
    const { storeId, channel, currency, entries } = place;
    for (const { countedAt, businessDate, hourStart, occurredAt, values } of entries) {
      const key = `${storeId} ${currency} ${channel} ${countedAt} ${businessDate}`;
      const { entry } = valueAt(changes, key, () => ({
        place,
        entry: { countedAt, businessDate, hourStart, occurredAt, values: zeroVector() },
      }));
      addVector(entry.values, values, factor);
    }
  }
  return [...changes.values()].filter(({ entry }) => !isZeroVector(entry.values));
}

/** The value under a key, made when it is missing. */
export function valueAt<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
