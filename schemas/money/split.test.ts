import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitProRata } from "./split.ts";

const totals = fc.bigInt(-(10n ** 9n), 10n ** 9n);
const weightLists = fc.array(fc.oneof(fc.bigInt(0n, 10n ** 9n), fc.bigInt(0n, 3n)), {
  minLength: 1,
});

/** Hands out one unit at a time, each to whoever is owed most; slow and obvious. */
function splitUnitByUnit(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  const shares = weights.map((weight) => (total * weight) / sum);
  const owed = weights.map((weight) => (total * weight) % sum);
  while (shares.reduce((a, b) => a + b, 0n) < total) {
    let best = 0;
    for (let at = 1; at < weights.length; at += 1) {
      const [o, bestOwed] = [owed[at] as bigint, owed[best] as bigint];
      const isHeavier = (weights[at] as bigint) > (weights[best] as bigint);
      if (o > bestOwed || (o === bestOwed && isHeavier)) best = at;
    }
    shares[best] = (shares[best] as bigint) + 1n;
    owed[best] = -1n;
  }
  return shares;
}

describe("splitting an amount in proportion to weights", () => {
  test("the shares sum to the total and each is within one unit of its exact share", () => {
    fc.assert(
      fc.property(totals, weightLists, (total, weights) => {
        const shares = splitProRata(total, weights);
        const weightSum = weights.reduce((a, b) => a + b, 0n);
        expect(shares.reduce((a, b) => a + b, 0n)).toBe(total);
        if (weightSum === 0n) return;
        shares.forEach((share, at) => {
          const error = share * weightSum - total * (weights[at] as bigint);
          expect(error < weightSum && error > -weightSum).toBe(true);
        });
      }),
    );
  });

  test("it equals handing out the units left over one by one", () => {
    const someWeight = weightLists.filter((weights) => weights.some((weight) => weight > 0n));
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 6n), someWeight, (total, weights) => {
        expect(splitProRata(total, weights)).toEqual(splitUnitByUnit(total, weights));
      }),
    );
  });

  test("a negative total is the mirror image of the positive one", () => {
    fc.assert(
      fc.property(totals, weightLists, (total, weights) => {
        const mirrored = splitProRata(-total, weights).map((share) => -share);
        expect(mirrored.map(String)).toEqual(splitProRata(total, weights).map(String));
      }),
    );
  });

  test("a unit left over goes to the largest remainder, then to the largest weight, then to the first", () => {
    expect(splitProRata(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
    expect(splitProRata(10n, [1n, 2n])).toEqual([3n, 7n]);
    expect(splitProRata(1n, [1n, 3n, 3n, 1n])).toEqual([0n, 1n, 0n, 0n]);
    expect(splitProRata(2n, [1n, 3n])).toEqual([0n, 2n]);
  });

  test("weights of zero take nothing, unless all are zero: then the first takes all", () => {
    expect(splitProRata(7n, [0n, 5n, 0n])).toEqual([0n, 7n, 0n]);
    expect(splitProRata(7n, [0n, 0n])).toEqual([7n, 0n]);
  });

  test("no weights split nothing, and an amount without weights or a negative weight is refused", () => {
    expect(splitProRata(0n, [])).toEqual([]);
    expect(() => splitProRata(1n, [])).toThrow(RangeError);
    expect(() => splitProRata(1n, [2n, -1n])).toThrow(RangeError);
  });
});
