import { currencyExponent, formatMinor } from "@tillcast/schemas/browser";
import { locale } from "./locale.ts";
import { remember } from "./remember.ts";

const base = (currency: string) =>
  ({ style: "currency", currency, currencyDisplay: "narrowSymbol" }) as const;

const wholeFormat = remember(
  (currency: string) =>
    new Intl.NumberFormat(locale, { ...base(currency), maximumFractionDigits: 0 }),
);
const exactFormat = remember((currency: string, digits: number) => {
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale, { ...base(currency), ...fraction });
});
const compactFormat = remember(
  (currency: string, digits: number) =>
    new Intl.NumberFormat(locale, {
      ...base(currency),
      notation: "compact",
      maximumSignificantDigits: digits,
    }),
);
const percentFormat = remember((signDisplay: "never" | "exceptZero") => {
  const options = { style: "percent", maximumFractionDigits: 0, signDisplay } as const;
  return new Intl.NumberFormat(locale, options);
});
const countFormat = new Intl.NumberFormat(locale);

/** Money without decimals, "€2,104", as headline figures are read. Takes minor units. */
export function wholeMoney(minor: bigint | string | number, currency: string): string {
  return wholeFormat(currency).format(major(minor, currency));
}

/** Money to the cent, "€2,103.55"; exact for any number of minor units. */
export function exactMoney(minor: bigint | string, currency: string): string {
  const digits = currencyExponent(currency) ?? 2;
  return exactFormat(currency, digits).format(
    formatMinor(BigInt(minor), digits) as Intl.StringNumericLiteral,
  );
}

/** Money for an axis, "€2.1k". */
export function compactMoney(minor: number, currency: string): string {
  return compactFormat(currency, 3).format(major(minor, currency));
}

/** A range to two digits, "€4.9–6.1k": more would promise more than a forecast can. */
export function moneyRange(low: number, high: number, currency: string): string {
  const format = compactFormat(currency, 2);
  const range = format.formatRange(major(low, currency), major(high, currency));
  return range.replace(/\s–\s/, "–").replace(/^~/, "");
}

/** A share without its sign, "16%". */
export function percent(ratio: number): string {
  return percentFormat("never").format(ratio);
}

/** A share with its sign, "−16%". */
export function signedPercent(ratio: number): string {
  return percentFormat("exceptZero").format(ratio).replace("-", "−");
}

/** A count, "1,204". */
export function count(value: number): string {
  return countFormat.format(value);
}

function major(minor: bigint | string | number, currency: string): number {
  return Number(minor) / 10 ** (currencyExponent(currency) ?? 2);
}
