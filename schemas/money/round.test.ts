import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatMinor } from "./format.ts";
import { divideHalfEven, rescaleHalfEven } from "./round.ts";

const integers = fc.bigInt(-(10n ** 18n), 10n ** 18n);

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

describe("rounding half to even", () => {
  test("the quotient is the nearest integer, and the even one of two equally near", () => {
    const nonZero = integers.filter((value) => value !== 0n);
    const divisors = fc.oneof(nonZero, fc.constantFrom(2n, -2n, 10n, 100n, 3n));
    fc.assert(
      fc.property(
        fc.oneof(integers, fc.bigInt(-300n, 300n)),
        divisors,
        (numerator, denominator) => {
          const quotient = divideHalfEven(numerator, denominator);
          const twiceError = 2n * magnitude(numerator - quotient * denominator);
          expect(twiceError <= magnitude(denominator)).toBe(true);
          if (twiceError === magnitude(denominator)) expect(quotient % 2n).toBe(0n);
        },
      ),
    );
  });

  test.each([
    [5n, 10n, 0n],
    [15n, 10n, 2n],
    [25n, 10n, 2n],
    [-5n, 10n, 0n],
    [-15n, 10n, -2n],
    [15n, -10n, -2n],
    [26n, 10n, 3n],
    [-26n, 10n, -3n],
  ])("%s / %s is %s", (numerator, denominator, quotient) => {
    expect(divideHalfEven(numerator, denominator)).toBe(quotient);
  });

  test("division by zero is refused", () => {
    expect(() => divideHalfEven(1n, 0n)).toThrow(RangeError);
  });

  test("rescaling to a finer or equal scale is exact and to a coarser one rounds", () => {
    fc.assert(
      fc.property(integers, fc.nat(6), fc.constantFrom(0, 2, 3), (units, scale, exponent) => {
        const minor = rescaleHalfEven({ units, scale }, exponent);
        if (scale <= exponent) expect(minor).toBe(units * 10n ** BigInt(exponent - scale));
        else expect(minor).toBe(divideHalfEven(units, 10n ** BigInt(scale - exponent)));
      }),
    );
    expect(rescaleHalfEven({ units: 12_345n, scale: 3 }, 2)).toBe(1234n);
    expect(rescaleHalfEven({ units: 12_355n, scale: 3 }, 2)).toBe(1236n);
  });
});

test("amounts are written with all digits of the exponent and none more", () => {
  expect([
    formatMinor(-1230n, 2),
    formatMinor(-5n, 2),
    formatMinor(0n, 2),
    formatMinor(-12n, 0),
    formatMinor(7n, 3),
  ]).toEqual(["-12.30", "-0.05", "0.00", "-12", "0.007"]);
});
