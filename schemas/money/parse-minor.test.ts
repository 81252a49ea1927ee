import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { multiplyDecimals, parseDecimal, sumDecimals } from "./decimal.ts";
import { formatMinor } from "./format.ts";
import { isMinorInRange, MINOR_MAX } from "./limits.ts";
import { parseMinor } from "./parse-minor.ts";

const exponents = fc.constantFrom(0, 2, 3, 4);
const minors = fc.bigInt({ min: -MINOR_MAX, max: MINOR_MAX });
const decimals = fc.record({ units: fc.bigInt(-(10n ** 15n), 10n ** 15n), scale: fc.nat(6) });

describe("decimal text as minor units", () => {
  test("what is formatted is read back exactly, in every exponent", () => {
    fc.assert(
      fc.property(minors, exponents, (minor, exponent) => {
        expect(parseMinor(formatMinor(minor, exponent), exponent)).toEqual({ minor });
      }),
    );
  });

  test("zeros beyond the exponent change nothing, any other digit there is a fault", () => {
    fc.assert(
      fc.property(minors, exponents, fc.integer({ min: 1, max: 9 }), (minor, exponent, digit) => {
        const text = formatMinor(minor, exponent);
        const pointed = exponent === 0 ? `${text}.` : text;
        expect(parseMinor(`${pointed}000`, exponent)).toEqual({ minor });
        expect(parseMinor(`${pointed}0${digit}`, exponent)).toEqual({
          error: "has a fraction of a minor unit",
        });
      }),
    );
  });

  test.each([
    ["12.3", 2, 1230n],
    ["12", 2, 1200n],
    ["-0.05", 2, -5n],
    ["-0", 2, 0n],
    ["007.50", 2, 750n],
    ["1200", 0, 1200n],
    ["0.125", 3, 125n],
    ["0.1", 4, 1000n],
    ["45035996273704.95", 2, MINOR_MAX],
  ])("%s at exponent %i is %s", (text, exponent, minor) => {
    expect(parseMinor(text, exponent)).toEqual({ minor });
  });

  test.each([
    "",
    " 1",
    "1 ",
    "+1",
    "1e2",
    "1,50",
    "1.",
    ".5",
    "-",
    "--1",
    "0x10",
    "١",
    "NaN",
    "1\n",
  ])("%j is not a plain decimal number", (text) => {
    expect(parseMinor(text, 2)).toEqual({ error: "is not a plain decimal number" });
  });

  test("an amount beyond 2^52 - 1 minor units and a text beyond the limit are refused", () => {
    expect(parseMinor("45035996273704.96", 2)).toEqual({
      error: "is beyond 4503599627370495 minor units",
    });
    expect(parseMinor("0".repeat(41), 2)).toEqual({ error: "is longer than 40 characters" });
    expect([MINOR_MAX, -MINOR_MAX, MINOR_MAX + 1n, -MINOR_MAX - 1n].map(isMinorInRange)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe("exact decimals", () => {
  test("any decimal is read as the digits that were written", () => {
    fc.assert(
      fc.property(decimals, (decimal) => {
        expect(parseDecimal(formatMinor(decimal.units, decimal.scale))).toEqual(decimal);
      }),
    );
  });

  test("a sum at source precision equals the sum at one common scale, in any order", () => {
    fc.assert(
      fc.property(fc.array(decimals), (summands) => {
        const sum = sumDecimals(summands);
        const atSix = (d: { units: bigint; scale: number }) => d.units * 10n ** BigInt(6 - d.scale);
        expect(atSix(sum)).toBe(summands.reduce((total, d) => total + atSix(d), 0n));
        expect(sumDecimals(summands.toReversed())).toEqual(sum);
      }),
    );
  });

  test("a quantity of 1.5 at 2.35 is 3.525", () => {
    const product = multiplyDecimals({ units: 15n, scale: 1 }, { units: 235n, scale: 2 });
    expect(product).toEqual({ units: 3525n, scale: 3 });
  });
});

test("one digit beyond the exponent is a fault unless it is zero", () => {
  expect(parseMinor("1.230", 2)).toEqual({ minor: 123n });
  expect(parseMinor("1.234", 2)).toEqual({ error: "has a fraction of a minor unit" });
});

test("a decimal of 40 characters is read, and one of 41 is refused", () => {
  const digits = "0".repeat(39);
  expect(parseDecimal(`${digits}7`)).toEqual({ units: 7n, scale: 0 });
  expect(parseDecimal(`${digits}17`)).toEqual({ error: "is longer than 40 characters" });
});

test("no decimals sum to zero without digits, and whole ones to whole ones", () => {
  expect(sumDecimals([])).toEqual({ units: 0n, scale: 0 });
  expect(sumDecimals([{ units: 4n, scale: 0 }])).toEqual({ units: 4n, scale: 0 });
});
