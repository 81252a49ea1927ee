import type { Subscription } from "./port.ts";

/** The open subscriptions and tails of a log. Closing the log closes them first. */
export interface OpenReaders {
  /** Registers a reader until it is closed. */
  keep(reader: Subscription): Subscription;
  /** Closes every open reader. */
  closeAll(): Promise<void>;
}

/** Makes an empty register. */
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
