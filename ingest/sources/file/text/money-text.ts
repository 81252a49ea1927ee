import type { Cell } from "../parse-cells.ts";

/** The mark before the decimals of a file's amounts. */
export type DecimalMark = "." | ",";

/** An amount as it stands in a cell, before it is known which of its marks is the decimal one. */
export interface MoneyText {
  readonly isNegative: boolean;
  /** Digits, points and commas alone. */
  readonly digits: string;
  /** The currency sign or word beside it, "" where there is none. */
  readonly sign: string;
}

/** What one amount says of its file's decimal mark. */
export type DecimalHint = DecimalMark | "ambiguous" | null;

/** Words that stand for a currency beside an amount; signs such as the euro's are known without a list. */
const currencyWords = /^(?:[A-Z]{3}|kr\.?|zł|Kč|Ft|Rs\.?|Fr\.?|lei|лв\.?)$/iu;
const amount =
  /^([^\d.,()\s+-]*)\s*([+-]?)\s*([^\d.,()\s+-]*)\s*([\d.,][\d.,\s'’]*?)\s*([+-]?)\s*((?:[^\d.,()\s+-]+\.?)?)$/u;
const grouped = /^\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d*)?$/u;

/** Reads signs, brackets and currency off an amount; undefined where the text is no amount. */
export function readMoneyText(text: string): MoneyText | undefined {
  const trimmed = text.trim().replaceAll(/[\u2212\u2013]/g, "-");
  const inner = /^\((.*)\)$/u.exec(trimmed)?.[1];
  const parts = amount.exec((inner ?? trimmed).trim());
  if (parts === null) return undefined;
  const [, before = "", leading = "", between = "", number = "", trailing = "", after = ""] = parts;
  const signs = [before, between, after].filter((sign) => sign !== "");
  if (signs.length > 1 || !signs.every(isCurrencySign)) return undefined;
  if (leading !== "" && trailing !== "") return undefined;
  const digits = number.trim();
  if (/[\s'’]/u.test(digits) && !grouped.test(digits)) return undefined;
  const isMinus = leading === "-" || trailing === "-";
  if (isMinus && inner !== undefined) return undefined;
  return {
    isNegative: isMinus || inner !== undefined,
    digits: digits.replaceAll(/[\s'’]/gu, ""),
    sign: signs[0] ?? "",
  };
}

/**
 * What an amount says of the decimal mark. `1.250` alone may be 1250 or 1.25: in a currency of two decimals
 * that is for other amounts of the file, or a person, to say.
 */
export function decimalHintOf(digits: string, exponent: number): DecimalHint {
  const hint = hintOfMarks(digits, exponent);
  const mark = hint === "ambiguous" ? "." : hint;
  // What is no amount by its own mark proves nothing.
  return mark === null || "value" in plainDecimal(digits, mark) ? hint : null;
}

function hintOfMarks(digits: string, exponent: number): DecimalHint {
  const marks = [...digits].filter((one) => one === "." || one === ",") as DecimalMark[];
  const last = marks.at(-1);
  if (last === undefined) return null;
  if (marks.some((mark) => mark !== last)) return last;
  // The same mark twice parts thousands.
  if (marks.length > 1) return other(last);
  const [whole = "", decimals = ""] = digits.split(last);
  if (decimals.length !== 3 || !/^[1-9]\d{0,2}$/.test(whole)) return last;
  if (exponent === 0) return other(last);
  return exponent === 3 ? last : "ambiguous";
}

/** Digits with marks as plain decimal text: `1.234,50` is `1234.50` where the comma is the decimal mark. */
export function plainDecimal(digits: string, mark: DecimalMark): Cell<string> {
  const [whole = "", decimals = "", ...more] = digits.split(mark);
  const thousands = other(mark);
  // Lakhs are grouped by two, and with commas.
  const groups = mark === "." ? /^\d{1,3}(?:,\d{2,3})*,\d{3}$/ : /^\d{1,3}(?:\.\d{3})+$/;
  const isWhole = /^\d*$/.test(whole) || groups.test(whole);
  if (more.length > 0 || !isWhole || !/^\d*$/.test(decimals) || whole + decimals === "") {
    const name = mark === "." ? "point" : "comma";
    return { reason: `is no amount with a decimal ${name}: ${JSON.stringify(digits)}` };
  }
  const units = whole.replaceAll(thousands, "") || "0";
  return { value: decimals === "" ? units : `${units}.${decimals}` };
}

/** Currencies that write a sign; several share the dollar, the pound and the yen. */
const signCurrencies: Readonly<Record<string, RegExp>> = {
  "€": /^EUR$/,
  $: /^(?:[A-Z]{2}D|MXN|ARS|CLP|COP|UYU|DOP|MXV|BRL|CUP|TOP|WST|MOP|NIO)$/,
  "£": /^(?:GBP|EGP|FKP|GIP|SHP|SSP|SYP|LBP|SDG)$/,
  "¥": /^(?:JPY|CNY)$/,
  "₹": /^INR$/,
  "₽": /^RUB$/,
  "₺": /^TRY$/,
  "₩": /^(?:KRW|KPW)$/,
  "₪": /^ILS$/,
  "₫": /^VND$/,
  "₴": /^UAH$/,
  "฿": /^THB$/,
  "₱": /^(?:PHP|CUP)$/,
};

/** Whether a sign beside an amount may mean a currency; words and signs that are not listed may mean any. */
export function mayBeSignOf(sign: string, currency: string): boolean {
  return signCurrencies[sign.slice(-1)]?.test(currency) ?? true;
}

function isCurrencySign(sign: string): boolean {
  return /^(?:[A-Z]{0,3}\p{Sc})$/u.test(sign) || currencyWords.test(sign);
}

const other = (mark: DecimalMark): DecimalMark => (mark === "." ? "," : ".");
