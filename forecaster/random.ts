/** A seeded source of random numbers, so that a training run repeats exactly. */

/** Returns a generator of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = Math.imul(seed, 7919) + 13;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Shuffles in place (Fisher and Yates). */
export function shuffle(values: Int32Array, random: () => number): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const kept = values[last] as number;
    values[last] = values[other] as number;
    values[other] = kept;
  }
}
