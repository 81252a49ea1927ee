import { appError } from "@tillcast/core";
import type { StoreStamp } from "./store-sequences.ts";

/** A row's change with its store's new version. */
export interface Stamped<Change> {
  readonly change: Change;
  readonly stamp: StoreStamp;
}

/** Finds the version that a batch gave a store. */
export type StampOf = (storeId: string) => StoreStamp;

/** Looks stamps up; a store without one is a fault of ours. */
export function makeStampOf(stamps: ReadonlyMap<string, StoreStamp>): StampOf {
  return (storeId) => {
    const stamp = stamps.get(storeId);
    if (stamp === undefined)
      throw appError("internal", { reason: `store ${storeId} has no sequence` });
    return stamp;
  };
}

/** Stamps the changes of any stores. */
export const stamped = <Change extends { readonly storeId: string }>(
  changes: readonly Change[],
  stampOf: StampOf,
): Stamped<Change>[] => changes.map((change) => ({ change, stamp: stampOf(change.storeId) }));
