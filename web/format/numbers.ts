import { currencyExponent, formatMinor } from "@tillcast/schemas/browser";
import { locale } from "./locale.ts";
import { remember } from "./remember.ts";

/** Symbols that several of the currencies shown share, such as "$": those are written "US$" and "A$". */
let shared: ReadonlySet<string> = new Set();

const base = (currency: string) => {
  const currencyDisplay = shared.has(currency) ? "symbol" : "narrowSymbol";
  return { style: "currency", currency, currencyDisplay } as const;
};

/** Tells which currencies stand side by side; amounts formatted from then on can be told apart. */
export function tellApart(currencies: Iterable<string>): void {
  const bySymbol = Map.groupBy(new Set(currencies), (currency) => symbolOf(currency));
  const next = new Set([...bySymbol.values()].filter((same) => same.length > 1).flat());
  if ([...next].every((currency) => shared.has(currency))) return;
  shared = new Set([...shared, ...next]);
  for (const format of [wholeFormat, exactFormat, compactFormat]) format.forget();
}

function symbolOf(currency: string): string {
  const style = { style: "currency", currency, currencyDisplay: "narrowSymbol" } as const;
  const parts = new Intl.NumberFormat(locale, style).formatToParts(0);
  return parts.find(({ type }) => type === "currency")?.value ?? currency;
}

const wholeFormat = remember(
  (currency: string) =>
    new Intl.NumberFormat(locale, { ...base(currency), maximumFractionDigits: 0 }),
);
const exactFormat = remember((currency: string, digits: number) => {
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale, { ...base(currency), ...fraction });
});
const compactFormat = remember((currency: string, least: number, most: number) => {
  const digits = { minimumSignificantDigits: least, maximumSignificantDigits: most };
  return new Intl.NumberFormat(locale, { ...base(currency), notation: "compact", ...digits });
});
const percentFormat = remember((signDisplay: "never" | "exceptZero") => {
  const options = { style: "percent", maximumFractionDigits: 0, signDisplay } as const;
  return new Intl.NumberFormat(locale, options);
});
const countFormat = new Intl.NumberFormat(locale);

/**
 * Money without decimals, "€2,104", as headline figures are read. Takes minor units. What would read as
 * nothing and is not ("€0.17") keeps its decimals.
 */
export function wholeMoney(minor: bigint | string | number, currency: string): string {
  const amount = major(minor, currency);
  if (amount !== 0 && Math.abs(amount) < 0.5)
    return exactMoney(BigInt(Math.round(Number(minor))), currency);
  return signed(wholeFormat(currency).format(amount));
}

/** Money to the cent, "€2,103.55"; exact for any number of minor units. */
export function exactMoney(minor: bigint | string, currency: string): string {
  const digits = currencyExponent(currency) ?? 2;
  const amount = formatMinor(BigInt(minor), digits) as Intl.StringNumericLiteral;
  return signed(exactFormat(currency, digits).format(amount));
}

/** Longer than this, an amount does not fit a small tile. */
const TILE_LENGTH_MAX = 10;

/** Money as a tile shows it: whole, and to three digits where that is too long ("Rp 267m"). */
export function tileMoney(minor: bigint | number, currency: string): string {
  const whole = wholeMoney(minor, currency);
  return whole.length <= TILE_LENGTH_MAX ? whole : compactMoney(Number(minor), currency);
}

/** Money for an axis, "€2.1k". */
export function compactMoney(minor: number, currency: string): string {
  return signed(compactFormat(currency, 1, 3).format(major(minor, currency)));
}

/**
 * A range to two digits, "€4.9k–€6.1k": more would promise more than a forecast can. It is rounded
 * outward, so that it holds all that it stands for; nothing is shown below `least` (what is counted
 * already), which is written out where two digits would go below it.
 */
export function moneyRange(
  low: number,
  high: number,
  currency: string,
  least: number = Number.NEGATIVE_INFINITY,
): string {
  const from = roundTo(Math.floor, major(low, currency));
  const isBelow = from < major(least, currency);
  const ends = [
    isBelow ? wholeMoney(Math.max(low, least), currency) : shortMoney(from, currency),
    shortMoney(roundTo(Math.ceil, major(high, currency)), currency),
  ];
  return ends[0] === ends[1] || low === high ? wholeMoney(low, currency) : ends.join("–");
}

/** Below this, in major units, an amount is short as it is. */
const SHORT_BELOW = 1_000;

function shortMoney(amount: number, currency: string): string {
  const isShort = Math.abs(amount) < SHORT_BELOW;
  return signed((isShort ? wholeFormat(currency) : compactFormat(currency, 2, 2)).format(amount));
}

/** To two digits, and to whole units where those are fewer. */
function roundTo(round: (value: number) => number, amount: number): number {
  const digits = Math.floor(Math.log10(Math.max(10, Math.abs(amount)))) - 1;
  const unit = 10 ** digits;
  // What floating point adds must not make a step of it.
  return round(Number((amount / unit).toPrecision(12))) * unit;
}

/** A share without its sign, "16%". */
export function percent(ratio: number): string {
  return percentFormat("never").format(ratio);
}

/** A share with its sign, "−16%". */
export function signedPercent(ratio: number): string {
  return signed(percentFormat("exceptZero").format(ratio));
}

/** A count, "1,204". */
export function count(value: number): string {
  return countFormat.format(value);
}

/** A minus sign, as wide as a plus; a hyphen is neither. */
function signed(text: string): string {
  return text.replace("-", "−");
}

function major(minor: bigint | string | number, currency: string): number {
  return Number(minor) / 10 ** (currencyExponent(currency) ?? 2);
}
