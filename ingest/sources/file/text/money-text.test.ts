import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decimalHintOf, mayBeSignOf, plainDecimal, readMoneyText } from "./money-text.ts";

/** Ways in which tills write an amount: decimal mark and the mark between thousands. */
const styles = [
  { name: "English", decimal: ".", thousands: "," },
  { name: "German", decimal: ",", thousands: "." },
  { name: "Swiss", decimal: ".", thousands: "'" },
  { name: "French", decimal: ",", thousands: "\u202F" },
] as const;

function written(minor: number, { decimal, thousands }: (typeof styles)[number]): string {
  const whole = String(Math.floor(minor / 100)).replaceAll(/\B(?=(\d{3})+$)/g, thousands);
  return `${whole}${decimal}${String(minor % 100).padStart(2, "0")}`;
}

describe.each(styles)("amounts in $name", (style) => {
  const amounts = fc.integer({ min: 0, max: 10 ** 12 });
  const around = fc.constantFrom(
    [false, (text: string) => text],
    [false, (text: string) => `€ ${text}`],
    [false, (text: string) => `${text} EUR`],
    [true, (text: string) => `-${text}`],
    [true, (text: string) => `(${text})`],
    [true, (text: string) => `\u2212€${text}`],
    [true, (text: string) => `${text}-`],
  ) as fc.Arbitrary<[boolean, (text: string) => string]>;

  test("are read exactly, with their sign, and show their decimal mark", () => {
    fc.assert(
      fc.property(amounts, around, (minor, [isNegative, write]) => {
        const money = readMoneyText(write(written(minor, style)));
        expect(money).toMatchObject({ isNegative });
        const digits = money?.digits ?? "";
        expect(decimalHintOf(digits, 2)).toBe(style.decimal);
        const plain = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, "0")}`;
        expect(plainDecimal(digits, style.decimal)).toEqual({ value: plain });
      }),
    );
  });
});

test.each([
  ["1.250", 2, "ambiguous"],
  ["1,250", 2, "ambiguous"],
  ["0.125", 2, "."],
  ["1250.125", 2, "."],
  ["1,250", 0, "."],
  ["1.250", 3, "."],
  ["1.250.000", 2, ","],
  ["1.25.000", 2, null],
  ["12", 2, null],
  ["5,", 2, ","],
] as const)("%s in a currency of %i decimals shows %s", (digits, exponent, hint) => {
  expect(decimalHintOf(digits, exponent)).toBe(hint);
});

test.each(["", "abc", "1e3", "--1", "-1-", "(-1)", "1 23", "€1$", "5%", "1/2", "$", "."])(
  "%j is no amount",
  (text) => {
    const money = readMoneyText(text);
    const plain = money === undefined ? undefined : plainDecimal(money.digits, ".");
    expect(plain === undefined || "reason" in plain).toBe(true);
  },
);

test("lakhs are grouped by two, and groups of other sizes are no amount", () => {
  expect(plainDecimal("12,34,567.50", ".")).toEqual({ value: "1234567.50" });
  expect(plainDecimal("1,23.50", ".")).toHaveProperty("reason");
  expect(plainDecimal("1.234.50", ".")).toHaveProperty("reason");
});

test("signs belong to their currencies, words that are not listed to any", () => {
  const fits = ["$ USD", "$ CAD", "$ EUR", "€ EUR", "€ GBP", "£ GBP", "kr SEK", "US$ USD"];
  expect(fits.map((pair) => mayBeSignOf(...(pair.split(" ") as [string, string])))).toEqual([
    ...[true, true, false, true],
    ...[false, true, true, true],
  ]);
});
