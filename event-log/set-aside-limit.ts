/**
 * Limits how many of a partition's last records are set aside. One unreadable record is a fault of the
 * record. Many mean another fault, and setting all of them aside would empty the partition into the dead
 * letters. The counts are kept in the process that owns the partition.
 */

import { type AppError, appError } from "@tillcast/core";

export interface SetAsideLimit {
  /** Counts settled records. */
  settled(count: number): void;
  /** Counts one record that was set aside. */
  setAside(): void;
  /** The reason why no further record may be set aside; undefined if one may. */
  refusal(record: {
    readonly topic: string;
    readonly partition: number;
    readonly reason: string;
  }): AppError | undefined;
}

/** How many of the last records the limit looks at. */
export const recordsLookedBack = 100;

/** Makes the limit of one partition of one group: `max` of the last hundred records may be set aside. */
export function makeSetAsideLimit(max: number, group: string): SetAsideLimit {
  let seen = 0;
  /** Which of the seen records were set aside, by their number, the newest last. */
  let numbers: number[] = [];
  return {
    settled(count) {
      seen += count;
    },
    setAside() {
      numbers.push(seen);
      seen += 1;
    },
    refusal({ topic, partition, reason }) {
      const firstLooked = seen + 1 - recordsLookedBack;
      numbers = numbers.filter((number) => number >= firstLooked);
      const setAside = numbers.length + 1;
      if (setAside <= max) return undefined;
      const count = { setAside, of: Math.min(recordsLookedBack, seen + 1), limit: max };
      return appError("tooManySetAside", { topic, partition, group, reason, ...count });
    },
  };
}
