/** Lets a limited number of tasks run at the same time; the others wait in order. */
export interface Slots {
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Makes `count` slots. */
export function makeSlots(count: number): Slots {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async run(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        return await work();
      } finally {
        // The slot passes on to the first who waits.
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      }
    },
  };
}
