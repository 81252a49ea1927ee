import type { Cell } from "./cell.ts";

/** The decimal mark of a file's amounts. */
export type DecimalMark = "." | ",";

/** An amount in a cell, before its decimal mark is known. */
export interface MoneyText {
  readonly isNegative: boolean;
  /** Digits, points and commas only. */
  readonly digits: string;
  /** The currency sign or word next to it; "" if there is none. */
  readonly sign: string;
}

/** What one amount tells about its file's decimal mark. */
export type DecimalHint = DecimalMark | "ambiguous" | null;

/** Words for a currency next to an amount. Signs such as the euro's need no list. */
const currencyWords = /^(?:[A-Z]{3}|kr\.?|zł|Kč|Ft|Rs\.?|Fr\.?|lei|лв\.?)$/iu;
const amount =
  /^([^\d.,()\s+-]*)\s*([+-]?)\s*([^\d.,()\s+-]*)\s*([\d.,][\d.,\s'’]*?)\s*([+-]?)\s*((?:[^\d.,()\s+-]+\.?)?)$/u;
const grouped = /^\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d*)?$/u;

/** Splits an amount into sign, currency and digits; undefined if the text is no amount. */
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
 * What an amount tells about the decimal mark. `1.250` alone may be 1250 or 1.25. In a currency with two decimals,
 * other amounts of the file or a person must decide.
 */
export function decimalHintOf(digits: string, exponent: number): DecimalHint {
  const hint = hintOfMarks(digits, exponent);
  const mark = hint === "ambiguous" ? "." : hint;
  // Text that is no amount with its own mark proves nothing.
  return mark === null || "value" in plainDecimal(digits, mark) ? hint : null;
}

function hintOfMarks(digits: string, exponent: number): DecimalHint {
  const marks = [...digits].filter((one) => one === "." || one === ",") as DecimalMark[];
  const last = marks.at(-1);
  if (last === undefined) return null;
  if (marks.some((mark) => mark !== last)) return last;
  // A mark that appears twice separates thousands.
  if (marks.length > 1) return other(last);
  const [whole = "", decimals = ""] = digits.split(last);
  if (decimals.length !== 3 || !/^[1-9]\d{0,2}$/.test(whole)) return last;
  if (exponent === 0) return other(last);
  return exponent === 3 ? last : "ambiguous";
}

/** Turns digits with marks into plain decimal text: `1.234,50` is `1234.50` if the comma is the decimal mark. */
export function plainDecimal(digits: string, mark: DecimalMark): Cell<string> {
  const [whole = "", decimals = "", ...more] = digits.split(mark);
  const thousands = other(mark);
  // Lakhs are grouped in twos, with commas.
  const groups = mark === "." ? /^\d{1,3}(?:,\d{2,3})*,\d{3}$/ : /^\d{1,3}(?:\.\d{3})+$/;
  const isWhole = /^\d*$/.test(whole) || groups.test(whole);
  if (more.length > 0 || !isWhole || !/^\d*$/.test(decimals) || whole + decimals === "") {
    const name = mark === "." ? "point" : "comma";
    return { reason: `is no amount with a decimal ${name}: ${JSON.stringify(digits)}` };
  }
  const units = whole.replaceAll(thousands, "") || "0";
  return { value: decimals === "" ? units : `${units}.${decimals}` };
}

/** Currencies of a sign. Several use the dollar, the pound and the yen sign. */
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

/** Whether a sign or word next to an amount may mean a currency. Unlisted ones may mean any. */
export function mayBeSignOf(sign: string, currency: string): boolean {
  return signCurrencies[sign.slice(-1)]?.test(currency) ?? true;
}

function isCurrencySign(sign: string): boolean {
  return /^(?:[A-Z]{0,3}\p{Sc})$/u.test(sign) || currencyWords.test(sign);
}

const other = (mark: DecimalMark): DecimalMark => (mark === "." ? "," : ".");
