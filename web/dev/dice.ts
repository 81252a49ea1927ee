/** Random numbers that are the same each time for a seed. */
export interface Dice {
  /** At least 0 and below 1. */
  next(): number;
}

/** Mulberry32, seeded by a hash of the text. */
export function makeDice(seed: string): Dice {
  let state = 0;
  for (const character of seed)
    state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) | 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}
