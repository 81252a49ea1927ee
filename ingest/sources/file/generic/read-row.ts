import { currencyExponent, isDate, parseDecimal, rescaleHalfEven } from "@tillcast/schemas";
import type { ImportContext, OrderRow, OrderSaid, RowFault, RowNote } from "../import-profile.ts";
import { parseGross, parseTime } from "../parse-cells.ts";
import type { Cell } from "../text/cell.ts";
import type { Conventions } from "../text/conventions.ts";
import { plainDecimal, readMoneyText } from "../text/money-text.ts";
import { rowFault, type TableRow } from "../text/read-table.ts";
import type { GenericColumn } from "./columns.ts";
import { channelOf, isTotalWord, knownStatuses, plainWord, statusOf } from "./words.ts";

/** A store, and how its files are written. */
export interface RowContext extends ImportContext {
  readonly conventions: Conventions;
}

/** Thrown for the first cell of a row that cannot be read. */
class BadCell extends Error {
  readonly column: string;
  readonly reason: string;
  constructor(column: string, reason: string) {
    super(`${column} ${reason}`);
    this.column = column;
    this.reason = reason;
  }
}

/** Reads one row of the generic profile: a line of a bill, a fault, or a row of sums, which is skipped. */
export function readRow(row: TableRow, context: RowContext): OrderRow | RowFault | RowNote {
  // A letter and its accent may be one character or two.
  const orderId = row.get("order_id").normalize("NFC");
  const ofOrder = orderId === "" ? null : orderId;
  if (isRowOfSums(row)) {
    const reason = "is a row of sums and was passed over";
    return { kind: "note", file: row.file, line: row.line, orderId: null, reason };
  }
  if (row.fault !== null) return rowFault(row, row.fault.column, row.fault.reason, ofOrder);
  if (ofOrder === null) return rowFault(row, "order_id", "is missing", null);
  try {
    return readCells(row, orderId, context);
  } catch (error) {
    if (error instanceof BadCell) return rowFault(row, error.column, error.reason, orderId);
    throw error;
  }
}

/** Sums under a table have no item and no time, and start with a word such as "Total". */
function isRowOfSums(row: TableRow): boolean {
  if (row.get("opened_at") !== "" || row.get("date") !== "") return false;
  const words = row.cells().filter((cell) => /\p{Letter}/u.test(cell));
  return words.length === 1 && isTotalWord(words[0] as string);
}

function readCells(row: TableRow, orderId: string, store: RowContext): OrderRow {
  const context = inCurrencyOf(row, store);
  const name = row.get("item");
  if (name === "") throw new BadCell("item", "is missing");
  const kind = kindOf(row.get("kind"));
  const { qty, gross, isTakenBack } = soldOf(row, kind, context);
  const part = (column: GenericColumn): string => partOf(row, column, isTakenBack, context);
  const tip = row.get("tip") === "" ? undefined : roundedMinor(part("tip"));
  const total = row.get("order_total") === "" ? undefined : roundedMinor(part("order_total"));
  const key = row.get("line_id");
  return {
    kind: "row",
    path: row.path,
    file: row.file,
    line: row.line,
    orderId,
    order: orderOf(row, kind, context),
    ...(row.get("version") === "" ? {} : { vendorVersion: row.get("version") }),
    ...(row.get("payment_method") === "" ? {} : { paymentMethod: row.get("payment_method") }),
    ...(tip === undefined ? {} : { tip }),
    ...(total === undefined || isTakenBack ? {} : { total }),
    ...(isTakenBack ? { isTakenBack } : {}),
    item: {
      name,
      qty,
      gross,
      discount: roundedMinor(part("discount")),
      tax: part("tax"),
      ...(key === "" ? {} : { key }),
      itemId: row.get("item_id") || null,
      category: row.get("category") || null,
    },
  };
}

/** A row may have its own currency, with its own number of decimals. */
function inCurrencyOf(row: TableRow, store: RowContext): RowContext {
  const currency = row.get("currency") || store.currency;
  const exponent = currencyExponent(currency);
  if (exponent === undefined) {
    throw new BadCell("currency", `must be an ISO 4217 code; got ${JSON.stringify(currency)}`);
  }
  return { ...store, currency, exponent };
}

function orderOf(row: TableRow, kind: OrderSaid["kind"], context: RowContext): OrderSaid {
  const channel = channelSaid(row.get("channel"));
  const said = {
    openedAt: openedAtOf(row, context),
    closedAt: timeOf(row, "closed_at", context),
    paidAt: timeOf(row, "paid_at", context),
    currency: context.currency,
    status: statusSaid(row.get("status")),
    kind,
    ...channel,
    taxMode: taxModeSaid(row.get("tax_mode")),
    businessDate: dateSaid(row.get("business_date")),
    receiptNumber: row.get("receipt_number") || undefined,
    registerId: row.get("register_id") || undefined,
    guests: row.get("guests") === "" ? undefined : wholeNumber("guests", row.get("guests")),
  };
  return Object.fromEntries(
    Object.entries(said).filter(([, value]) => value !== undefined),
  ) as OrderSaid;
}

/** `opened_at`, or `date` and `time`. */
function openedAtOf(row: TableRow, context: RowContext): string | undefined {
  if (row.get("opened_at") !== "") return timeOf(row, "opened_at", context);
  if (row.get("date") === "") {
    if (row.get("time") !== "") throw new BadCell("date", "is missing");
    return undefined;
  }
  const parsed = parseTime(`${row.get("date")} ${row.get("time")}`.trim(), context.timeZone, {
    ...context.conventions,
    timeOfDayMs: context.said?.timeOfDayMs,
  });
  return new Date(cellValue("date", parsed)).toISOString();
}

function timeOf(row: TableRow, column: GenericColumn, context: RowContext): string | undefined {
  const text = row.get(column);
  if (text === "") return undefined;
  const reading = { ...context.conventions, timeOfDayMs: context.said?.timeOfDayMs };
  return new Date(cellValue(column, parseTime(text, context.timeZone, reading))).toISOString();
}

interface Sold {
  readonly qty: string;
  readonly gross: string;
  readonly isTakenBack: boolean;
}

/**
 * Units and gross without a sign, and whether the line is returned. If the file has `gross` and `unit_price`, its gross
 * counts. Tills round half a cent up or to even, so the two may differ by one minor unit.
 */
function soldOf(row: TableRow, kind: OrderSaid["kind"], context: RowContext): Sold {
  const units = row.get("qty") === "" ? undefined : numberOf(row, "qty", context);
  const total = row.get("gross") === "" ? undefined : numberOf(row, "gross", context);
  const price = row.get("unit_price") === "" ? undefined : numberOf(row, "unit_price", context);
  if (total === undefined && price === undefined) {
    throw new BadCell("unit_price", "is missing, and so is gross");
  }
  if (price?.isNegative) {
    throw new BadCell("unit_price", "must not be negative; what goes back has a negative qty");
  }
  const isTakenBack = units?.isNegative === true || total?.isNegative === true;
  if (isTakenBack && (kind === "return" || kind === "non_revenue")) {
    const column = units?.isNegative === true ? "qty" : "gross";
    throw new BadCell(column, `must not be negative where kind is ${kind}`);
  }
  const qty = units?.plain ?? "1";
  const given = total && roundedMinor(total.minor);
  if (price === undefined) return { qty, gross: given as string, isTakenBack };
  const computed = cellValue("unit_price", parseGross(qty, price.plain, context.exponent));
  if (given === undefined) return { qty, gross: String(computed), isTakenBack };
  const apart = BigInt(given) - computed;
  if (apart > 1n || apart < -1n) {
    throw new BadCell(
      "gross",
      `must be qty times unit_price; got ${JSON.stringify(row.get("gross"))}`,
    );
  }
  return { qty, gross: given, isTakenBack };
}

interface NumberCell {
  readonly isNegative: boolean;
  /** Plain decimal text without a sign. */
  readonly plain: string;
  /** The same in minor units, with all its digits. */
  readonly minor: string;
}

function numberOf(row: TableRow, column: GenericColumn, context: RowContext): NumberCell {
  const text = row.get(column);
  const money = readMoneyText(text);
  if (money === undefined) {
    throw new BadCell(column, `is no number; got ${JSON.stringify(text.slice(0, 80))}`);
  }
  if (/^[A-Z]{3}$/.test(money.sign) && money.sign !== context.currency) {
    throw new BadCell(column, `is in ${money.sign}, and the bill in ${context.currency}`);
  }
  const plain = plainDecimal(money.digits, context.conventions.decimal);
  const value = cellValue(column, plain);
  const parsed = parseDecimal(value);
  if ("error" in parsed) throw new BadCell(column, parsed.error);
  return { isNegative: money.isNegative, plain: value, minor: shiftPoint(value, context.exponent) };
}

/** Another amount of the line in minor units. On a returned line it may have either sign. */
function partOf(
  row: TableRow,
  column: GenericColumn,
  isTakenBack: boolean,
  context: RowContext,
): string {
  if (row.get(column) === "") return "0";
  const { isNegative, minor } = numberOf(row, column, context);
  if (isNegative && !isTakenBack && /[1-9]/.test(minor)) {
    throw new BadCell(column, `must not be negative; got ${JSON.stringify(row.get(column))}`);
  }
  return minor;
}

/** `12.345` major units are `1234.5` minor units of a currency of two decimals. */
function shiftPoint(plain: string, exponent: number): string {
  const [whole = "0", decimals = ""] = plain.split(".");
  const minor = (whole + decimals.slice(0, exponent).padEnd(exponent, "0")).replace(
    /^0+(?=\d)/,
    "",
  );
  const rest = decimals.slice(exponent).replace(/0+$/, "");
  return rest === "" ? minor : `${minor}.${rest}`;
}

/** Rounds half to even. */
function roundedMinor(minor: string): string {
  const parsed = parseDecimal(minor);
  return "error" in parsed ? minor : String(rescaleHalfEven(parsed, 0));
}

const kinds = ["sale", "return", "exchange", "non_revenue"] as const;

function kindOf(text: string): OrderSaid["kind"] {
  if (text === "") return undefined;
  const word = plainWord(text);
  if (word === "refund") return "return";
  const found = kinds.find((kind) => plainWord(kind) === word);
  if (found !== undefined) return found;
  throw new BadCell(
    "kind",
    `must be ${kinds.join(", ")}; got ${JSON.stringify(text.slice(0, 80))}`,
  );
}

/** An unknown channel word is kept, with the channel `other`. */
function channelSaid(text: string): Pick<OrderSaid, "channel" | "channelRaw"> {
  if (text === "") return {};
  const channel = channelOf(text);
  return channel === undefined ? { channel: "other", channelRaw: text } : { channel };
}

function statusSaid(text: string): OrderSaid["status"] | undefined {
  if (text === "") return undefined;
  const status = statusOf(text);
  if (status !== undefined) return status;
  const got = JSON.stringify(text.slice(0, 80));
  throw new BadCell("status", `must be one of ${knownStatuses}; got ${got}`);
}

function taxModeSaid(text: string): OrderSaid["taxMode"] | undefined {
  if (text === "") return undefined;
  const word = plainWord(text);
  if (word === "exclusive" || word === "inclusive") return word;
  throw new BadCell(
    "tax_mode",
    `must be exclusive or inclusive; got ${JSON.stringify(text.slice(0, 80))}`,
  );
}

function dateSaid(text: string): string | undefined {
  if (text === "") return undefined;
  if (isDate(text)) return text;
  const got = JSON.stringify(text.slice(0, 80));
  throw new BadCell("business_date", `must be a date such as 2026-11-21; got ${got}`);
}

function wholeNumber(column: string, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new BadCell(column, `must be a whole number; got ${JSON.stringify(text.slice(0, 80))}`);
}

function cellValue<Value>(column: string, cell: Cell<Value>): Value {
  if ("value" in cell) return cell.value;
  throw new BadCell(column, cell.reason);
}
