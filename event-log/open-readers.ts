import type { Subscription } from "./port.ts";

/** A log's subscriptions and tails that are open, so that closing the log closes them first. */
export interface OpenReaders {
  /** Remembers a reader until it is closed. */
  keep(reader: Subscription): Subscription;
  /** Closes all of them. */
  closeAll(): Promise<void>;
}

/** Makes the register, empty. */
export function makeOpenReaders(): OpenReaders {
  const readers = new Set<Subscription>();
  return {
    keep(reader) {
      const kept: Subscription = {
        async close() {
          await reader.close();
          readers.delete(kept);
        },
        ownedPartitions: () => reader.ownedPartitions(),
      };
      readers.add(kept);
      return kept;
    },
    async closeAll() {
      await Promise.all([...readers].map((reader) => reader.close()));
    },
  };
}
