/** A function that makes each value once; `forget` makes it start anew. */
export interface Remembered<Keys extends readonly (string | number)[], Value> {
  (...keys: Keys): Value;
  forget(): void;
}

/**
 * Intl formatters are slow to make and quick to use: making them anew for each frame doubles the cost of
 * an update. A function of text keys is remembered for ever; there are a few dozen of them.
 */
export function remember<Keys extends readonly (string | number)[], Value>(
  make: (...keys: Keys) => Value,
): Remembered<Keys, Value> {
  const known = new Map<string, Value>();
  const remembered = (...keys: Keys) => {
    const key = keys.join("\u0000");
    let value = known.get(key);
    if (value === undefined) {
      value = make(...keys);
      known.set(key, value);
    }
    return value;
  };
  return Object.assign(remembered, { forget: () => known.clear() });
}
