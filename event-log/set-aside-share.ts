/**
 * How many of a partition's last records were set aside. One that cannot be read is the record's own fault;
 * where many cannot, something else is at fault, and setting all of them aside would empty the partition into
 * the dead letters. What is counted lives with the process that has the partition.
 */

import { type AppError, appError } from "@tillcast/core";

export interface SetAsideShare {
  /** Counts records that were settled. */
  settled(count: number): void;
  /** Counts one that was set aside. */
  setAside(): void;
  /** Why one more must not be set aside; undefined while it may. */
  refusal(place: {
    readonly topic: string;
    readonly partition: number;
    readonly reason: string;
  }): AppError | undefined;
}

/** So many records are looked back upon. */
export const shareOf = 100;

/** Counts the records of one partition of one group. Of the last hundred, `max` may be set aside. */
export function makeSetAsideShare(max: number, group: string): SetAsideShare {
  let seen = 0;
  /** The place of each record that was set aside among all that were seen, the newest last. */
  let places: number[] = [];
  return {
    settled(count) {
      seen += count;
    },
    setAside() {
      places.push(seen);
      seen += 1;
    },
    refusal({ topic, partition, reason }) {
      const firstLooked = seen + 1 - shareOf;
      places = places.filter((place) => place >= firstLooked);
      const setAside = places.length + 1;
      if (setAside <= max) return undefined;
      const count = { setAside, of: Math.min(shareOf, seen + 1), limit: max };
      return appError("tooManySetAside", { topic, partition, group, reason, ...count });
    },
  };
}
