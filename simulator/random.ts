/** A seeded stream of pseudo-random numbers. The same seed and path always give the same stream. */
export interface Random {
  /** A number in [0, 1) with 32 bits. */
  next(): number;
  /** A whole number in [min, max], inclusive. */
  int(min: number, max: number): number;
  /** A number in [min, max). */
  between(min: number, max: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** One draw of the standard normal distribution. */
  normal(): number;
  /** One draw of the Poisson distribution. */
  poisson(mean: number): number;
  /** One element, each equally likely. Throws a RangeError for an empty list. */
  pick<Value>(values: readonly Value[]): Value;
  /** The index of one of the weights (each 0 or more, not all 0), in proportion to them. */
  weighted(weights: readonly number[]): number;
}

/**
 * Opens the stream of a path, such as `(seed, store, business date, order number)`. Streams of different paths are
 * independent, so that each day or order can be generated alone, in any order, with the same result.
 */
export function randomOf(seed: number, ...path: readonly (string | number)[]): Random {
  const next = xoshiro128(seedWords(`${seed}/${path.join("/")}`));
  const random: Random = {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    // Box and Muller; 1 - next() is never 0, whose logarithm is infinite.
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    poisson: (mean) => poisson(random, mean),
    pick: (values) => {
      if (values.length === 0) throw new RangeError("there is nothing to pick from");
      return values[Math.floor(next() * values.length)] as (typeof values)[number];
    },
    weighted: (weights) => weighted(next(), weights),
  };
  return random;
}

/** Above this mean the normal distribution is exact enough, and much faster. */
const POISSON_COUNTED_MAX = 60;

function poisson(random: Random, mean: number): number {
  if (mean > POISSON_COUNTED_MAX) {
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * random.normal()));
  }
  // Knuth: the number of uniform draws whose product is above exp(-mean).
  const floor = Math.exp(-mean);
  let count = 0;
  for (let product = random.next(); product > floor; product *= random.next()) count += 1;
  return count;
}

function weighted(draw: number, weights: readonly number[]): number {
  let sum = 0;
  for (const weight of weights) sum += weight;
  let left = draw * sum;
  let last = -1;
  for (let at = 0; at < weights.length; at += 1) {
    const weight = weights[at] as number;
    if (weight <= 0) continue;
    last = at;
    left -= weight;
    if (left < 0) return at;
  }
  if (last < 0) throw new RangeError("there is no weight to choose by");
  return last;
}

/** xoshiro128** of Blackman and Vigna (2018): 32-bit words, period 2^128 - 1. */
function xoshiro128(words: Uint32Array): () => number {
  let [a, b, c, d] = words as unknown as [number, number, number, number];
  return () => {
    const scrambled = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 11);
    return scrambled / 4_294_967_296;
  };
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

/** Four words of state: FNV-1a over the text, then spread by splitmix32, which never gives four zeros. */
function seedWords(text: string): Uint32Array {
  let hash = 0x811c9dc5;
  let other = 0x9747b28c;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    hash = Math.imul(hash ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x5bd1e995) ^ (other >>> 15);
  }
  const words = new Uint32Array(4);
  for (let at = 0; at < 4; at += 1)
    words[at] = splitmix32((at % 2 === 0 ? hash : other) + at * 0x9e3779b9);
  return words;
}

function splitmix32(seed: number): number {
  let word = (seed + 0x9e3779b9) | 0;
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  return (word ^ (word >>> 15)) >>> 0;
}
