/** Lets few large batches be under way at a time, and small ones pass. */
export interface LargeBatches {
  run<Result>(recordCount: number, work: () => Promise<Result>): Promise<Result>;
}

/**
 * A live batch holds a few orders, and what it waits for is the disk: many may be under way. A batch of
 * someone who catches up holds a thousand; three at once keep the processor busy, more only take memory.
 */
const largeFromCount = 200;

/** Makes the gate. */
export function makeLargeBatches(atOnce: number): LargeBatches {
  let free = atOnce;
  const waiting: (() => void)[] = [];
  return {
    async run(recordCount, work) {
      if (recordCount < largeFromCount) return work();
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
