/** Seeded chance, so that a run can be repeated from the seed that it printed. */
export interface Dice {
  /** A number in [0, 1). */
  next(): number;
  chance(probability: number): boolean;
  /** A whole number in [min, max], both included. */
  int(min: number, max: number): number;
  pick<Value>(values: readonly Value[]): Value;
}

/** Opens a stream of chance; mulberry32. */
export function makeDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    chance: (probability) => next() < probability,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick: (values) => values[Math.floor(next() * values.length)] as (typeof values)[number],
  };
}
