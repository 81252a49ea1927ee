/** The partition of a key. Both logs compute it exactly as Kafka's Java client does. */

const seed = 0x9747b28c;
const multiplier = 0x5bd1e995;

/** Murmur2 of Kafka's Java client (`Utils.murmur2`), as a signed 32-bit number. */
export function murmur2(data: Uint8Array): number {
  const wholeLength = data.length & ~3;
  let hash = seed ^ data.length;
  for (let at = 0; at < wholeLength; at += 4) {
    let word =
      byteAt(data, at) |
      (byteAt(data, at + 1) << 8) |
      (byteAt(data, at + 2) << 16) |
      (byteAt(data, at + 3) << 24);
    word = Math.imul(word, multiplier);
    word ^= word >>> 24;
    word = Math.imul(word, multiplier);
    hash = Math.imul(hash, multiplier) ^ word;
  }
  const rest = data.length - wholeLength;
  if (rest >= 3) hash ^= byteAt(data, wholeLength + 2) << 16;
  if (rest >= 2) hash ^= byteAt(data, wholeLength + 1) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ byteAt(data, wholeLength), multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return hash ^ (hash >>> 15);
}

/** The partition of a key, 0 .. `partitions` - 1. */
export function partitionOf(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key, "utf8")) & 0x7fffffff) % partitions;
}

/** Keys are feeds and repeat, so that most partitions are remembered and not computed. */
const rememberedKeysMax = 10_000;

/** `partitionOf` for one partition count, with a bounded memory of keys. */
export function makePartitioner(partitions: number): (key: string) => number {
  const remembered = new Map<string, number>();
  return (key) => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    if (remembered.size >= rememberedKeysMax) remembered.clear();
    const partition = partitionOf(key, partitions);
    remembered.set(key, partition);
    return partition;
  };
}

function byteAt(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}
