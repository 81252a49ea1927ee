/** The newest known end of every partition. Readers wait here for an end to move. */

/** Ends only grow. An older end changes nothing. */
export interface LogEnds {
  /** The offset of the next record, as far as this process knows. */
  endOf(ordinal: number, partition: number): bigint;
  /** Stores that a partition ends at `end`, and wakes its waiting readers. */
  advance(ordinal: number, partition: number, end: bigint): void;
  /** Resolves when the partition ends beyond `position` or the signal aborts. */
  waitBeyond(
    ordinal: number,
    partition: number,
    position: bigint,
    signal: AbortSignal,
  ): Promise<void>;
  /** Registers a reader of this topic. Returns the function that ends the registration. */
  watch(ordinal: number): () => void;
  isWatched(ordinal: number): boolean;
  watchedOrdinals(): readonly number[];
}

interface PartitionEnd {
  end: bigint;
  readonly waiters: Set<() => void>;
}

/** Makes an empty table of ends. */
export function makeLogEnds(): LogEnds {
  const topics = new Map<number, PartitionEnd[]>();
  const watchers = new Map<number, number>();

  function entry(ordinal: number, partition: number): PartitionEnd {
    let partitions = topics.get(ordinal);
    if (partitions === undefined) {
      partitions = [];
      topics.set(ordinal, partitions);
    }
    partitions[partition] ??= { end: 0n, waiters: new Set() };
    return partitions[partition];
  }

  return {
    endOf: (ordinal, partition) => entry(ordinal, partition).end,
    advance(ordinal, partition, end) {
      const known = entry(ordinal, partition);
      if (end <= known.end) return;
      known.end = end;
      for (const wake of [...known.waiters]) wake();
    },
    waitBeyond(ordinal, partition, position, signal) {
      const known = entry(ordinal, partition);
      if (signal.aborted || known.end > position) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          if (!signal.aborted && known.end <= position) return;
          known.waiters.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        known.waiters.add(wake);
        signal.addEventListener("abort", wake);
      });
    },
    watch(ordinal) {
      watchers.set(ordinal, (watchers.get(ordinal) ?? 0) + 1);
      let watching = true;
      return () => {
        if (!watching) return;
        watching = false;
        watchers.set(ordinal, (watchers.get(ordinal) ?? 1) - 1);
      };
    },
    isWatched: (ordinal) => (watchers.get(ordinal) ?? 0) > 0,
    watchedOrdinals: () =>
      [...watchers].filter(([, count]) => count > 0).map(([ordinal]) => ordinal),
  };
}
