import { currencyExponent, type OrderPushInput } from "@tillcast/schemas";
import { bytesOf, filesByColumns } from "../choose-files.ts";
import type {
  ImportContext,
  ImportProfile,
  OpenedImport,
  OrderRow,
  RowFault,
} from "../import-profile.ts";
import { type Cell, parseAmount, parseGross, parseTime } from "../parse-cells.ts";
import { readTable, rowFault, type TableRow } from "../read-table.ts";

const kinds = { rows: ["order_id", "item"] } as const;

/** The documented CSV: one row per line of a bill; `docs/import.md` lists the columns. */
const generic: ImportProfile = {
  name: "generic",
  description: "One row per line of a bill, with the columns of docs/import.md.",
  async open(files, context) {
    const chosen = await filesByColumns(files, kinds);
    return {
      faults: [],
      announced: [],
      bytes: await bytesOf(chosen.rows),
      async *rows(onBytes) {
        for (const file of chosen.rows) {
          for await (const row of readTable(file, onBytes)) yield readRow(row, context);
        }
      },
    } satisfies OpenedImport;
  },
};

export default generic;

/** Raised inside a row by the first cell that cannot be read. */
class BadCell extends Error {
  readonly column: string;
  readonly reason: string;
  constructor(column: string, reason: string) {
    super(`${column} ${reason}`);
    this.column = column;
    this.reason = reason;
  }
}

function readRow(row: TableRow, context: ImportContext): OrderRow | RowFault {
  const orderId = row.get("order_id");
  const ofOrder = orderId === "" ? null : orderId;
  if (row.fault !== null) return rowFault(row, row.fault.column, row.fault.reason, ofOrder);
  if (ofOrder === null) return rowFault(row, "order_id", "is missing", null);
  try {
    return readCells(row, orderId, context);
  } catch (error) {
    if (error instanceof BadCell) return rowFault(row, error.column, error.reason, orderId);
    throw error;
  }
}

function readCells(row: TableRow, orderId: string, store: ImportContext): OrderRow {
  const context = inCurrencyOf(row, store);
  const amount = (column: string): string =>
    row.get(column) === ""
      ? "0"
      : String(cellValue(column, parseAmount(row.get(column), context.exponent)));
  const name = row.get("item");
  if (name === "") throw new BadCell("item", "is missing");
  const qty = row.get("qty") || "1";
  return {
    kind: "row",
    file: row.file,
    line: row.line,
    orderId,
    order: orderOf(row, context),
    vendorVersion: row.get("version") || "0",
    paymentMethod: row.get("payment_method") || null,
    tip: amount("tip"),
    item: {
      name,
      qty,
      gross: grossOf(row, qty, context),
      discount: amount("discount"),
      tax: amount("tax"),
      ...(row.get("line_id") === "" ? {} : { key: row.get("line_id") }),
      itemId: row.get("item_id") || null,
      category: row.get("category") || null,
    },
  };
}

/** A row may be in a currency of its own, whose amounts have digits of their own. */
function inCurrencyOf(row: TableRow, store: ImportContext): ImportContext {
  const currency = row.get("currency") || store.currency;
  const exponent = currencyExponent(currency);
  if (exponent === undefined) {
    throw new BadCell("currency", `must be an ISO 4217 code; got ${JSON.stringify(currency)}`);
  }
  return { ...store, currency, exponent };
}

function orderOf(row: TableRow, context: ImportContext): OrderRow["order"] {
  const time = (column: string): string | undefined =>
    row.get(column) === "" ? undefined : timeOf(row, column, context);
  const closedAt = time("closed_at");
  const paidAt = time("paid_at");
  const guests = row.get("guests");
  const order = {
    status: row.get("status") || "closed",
    openedAt: openedAtOf(row, context),
    currency: context.currency,
    ...(closedAt === undefined ? {} : { closedAt }),
    ...(paidAt === undefined ? {} : { paidAt }),
    ...(row.get("kind") === "" ? {} : { kind: row.get("kind") }),
    ...(row.get("channel") === "" ? {} : { channel: row.get("channel") }),
    ...(row.get("tax_mode") === "" ? {} : { taxMode: row.get("tax_mode") }),
    ...(row.get("business_date") === "" ? {} : { businessDate: row.get("business_date") }),
    ...(row.get("receipt_number") === "" ? {} : { receiptNumber: row.get("receipt_number") }),
    ...(row.get("register_id") === "" ? {} : { registerId: row.get("register_id") }),
    ...(guests === "" ? {} : { guests: wholeNumber("guests", guests) }),
  };
  // Words such as the channel are checked with the whole order, which names the column then.
  return order as Omit<OrderPushInput, "orderId" | "lines" | "version">;
}

/** `opened_at`, or `date` and `time`. */
function openedAtOf(row: TableRow, context: ImportContext): string {
  if (row.get("opened_at") !== "") return timeOf(row, "opened_at", context);
  const parsed = parseTime(`${row.get("date")} ${row.get("time")}`, context.timeZone);
  if ("value" in parsed) return new Date(parsed.value).toISOString();
  if (row.get("date") === "") throw new BadCell("opened_at", "is missing");
  throw new BadCell("date", `and time: ${parsed.reason}`);
}

function timeOf(row: TableRow, column: string, context: ImportContext): string {
  return new Date(cellValue(column, parseTime(row.get(column), context.timeZone))).toISOString();
}

/** `gross`, or quantity times `unit_price`; where both are given they must agree. */
function grossOf(row: TableRow, qty: string, context: ImportContext): string {
  const given = row.get("gross");
  const unitPrice = row.get("unit_price");
  if (given === "" && unitPrice === "") {
    throw new BadCell("unit_price", "is missing, and so is gross");
  }
  const gross = given === "" ? undefined : cellValue("gross", parseAmount(given, context.exponent));
  if (unitPrice === "") return String(gross);
  const computed = cellValue("unit_price", parseGross(qty, unitPrice, context.exponent));
  if (gross !== undefined && gross !== computed) {
    throw new BadCell("gross", `must be qty times unit_price; got ${JSON.stringify(given)}`);
  }
  return String(computed);
}

function wholeNumber(column: string, text: string): number {
  if (/^\d{1,5}$/.test(text)) return Number(text);
  throw new BadCell(column, `must be a whole number; got ${JSON.stringify(text)}`);
}

function cellValue<Value>(column: string, cell: Cell<Value>): Value {
  if ("value" in cell) return cell.value;
  throw new BadCell(column, cell.reason);
}
