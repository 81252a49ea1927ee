import { bytesOf, filesByColumns } from "../choose-files.ts";
import type {
  ImportContext,
  ImportProfile,
  OpenedImport,
  OrderRow,
  RowFault,
} from "../import-profile.ts";
import { parseAmount, parseCount, parseDayMonthTime } from "../parse-cells.ts";
import { readTable, rowFault, type TableRow } from "../read-table.ts";

const kinds = {
  orders: ["order number", "order date", "item name", "quantity"],
  prices: ["item name", "product price"],
} as const;

/** A takeaway's orders, one row per item, and its price list apart; dates are day/month/year. */
const londonTakeaway: ImportProfile = {
  name: "london-takeaway",
  description:
    "Two files: orders (Order Number, Order Date, Item Name, Quantity), and the price list.",
  async open(files, context) {
    const chosen = await filesByColumns(files, kinds);
    const faults: RowFault[] = [];
    const prices = await readPrices(chosen.prices, context, faults);
    return {
      faults,
      announced: [],
      bytes: await bytesOf(chosen.orders),
      async *rows(onBytes) {
        for (const file of chosen.orders) {
          for await (const row of readTable(file, onBytes)) yield readRow(row, prices, context);
        }
      },
    } satisfies OpenedImport;
  },
};

export default londonTakeaway;

async function readPrices(
  files: readonly string[],
  context: ImportContext,
  faults: RowFault[],
): Promise<Map<string, bigint>> {
  const prices = new Map<string, bigint>();
  for (const file of files) {
    for await (const row of readTable(file)) {
      const name = row.get("item name");
      const fault = (column: string, reason: string) =>
        faults.push(rowFault(row, column, reason, null));
      const price = parseAmount(row.get("product price"), context.exponent);
      if (row.fault !== null) fault(row.fault.column, row.fault.reason);
      else if (name === "") fault("item name", "is missing");
      else if ("reason" in price) fault("product price", price.reason);
      else if (prices.has(name)) fault("item name", `stands here twice: ${name}`);
      else prices.set(name, price.value);
    }
  }
  return prices;
}

function readRow(
  row: TableRow,
  prices: ReadonlyMap<string, bigint>,
  context: ImportContext,
): OrderRow | RowFault {
  const orderId = row.get("order number");
  const spoil = (column: string, reason: string) =>
    rowFault(row, column, reason, isOrderNumber(orderId) ? orderId : null);
  if (row.fault !== null) return spoil(row.fault.column, row.fault.reason);
  if (!isOrderNumber(orderId)) {
    return spoil("order number", `must be a number; got ${JSON.stringify(orderId)}`);
  }
  const opened = parseDayMonthTime(row.get("order date"), context.timeZone);
  if ("reason" in opened) return spoil("order date", opened.reason);
  const name = row.get("item name");
  const price = prices.get(name);
  if (price === undefined) return spoil("item name", `has no price: ${JSON.stringify(name)}`);
  const quantity = parseCount(row.get("quantity"));
  if ("reason" in quantity) return spoil("quantity", quantity.reason);
  return {
    kind: "row",
    file: row.file,
    line: row.line,
    orderId,
    order: {
      status: "closed",
      openedAt: new Date(opened.value).toISOString(),
      currency: context.currency,
      channel: "takeout",
    },
    vendorVersion: "0",
    paymentMethod: null,
    tip: "0",
    item: { name, qty: quantity.value, gross: String(price * BigInt(quantity.value)) },
  };
}

function isOrderNumber(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}
