import { bytesOf, filesByColumns } from "../choose-files.ts";
import type {
  ImportContext,
  ImportProfile,
  OpenedImport,
  OrderRow,
  RowFault,
} from "../import-profile.ts";
import { parseAmount, parseCount, parseDayMonthTime } from "../parse-cells.ts";
import { readKeyed } from "../text/read-keyed.ts";
import { readTable, rowFault, type TableRow } from "../text/read-table.ts";

const kinds = {
  orders: ["order number", "order date", "item name", "quantity"],
  prices: ["item name", "product price"],
} as const;

/** A takeaway's orders, one row per item, with a separate price list. Dates are day/month/year. */
const londonTakeaway: ImportProfile = {
  name: "london-takeaway",
  description:
    "Two files: orders (Order Number, Order Date, Item Name, Quantity), and the price list.",
  async open(files, context) {
    const encoding = context.said?.encoding;
    const chosen = await filesByColumns(files, kinds, encoding);
    const faults: RowFault[] = [];
    const prices = await readKeyed(
      chosen.prices,
      { columns: kinds.prices, encoding },
      {
        id: "item name",
        valueColumn: "product price",
        value: (row) => parseAmount(row.get("product price"), context.exponent),
        isSame: (one, other) => one === other,
      },
      faults,
    );
    return {
      faults,
      announced: [],
      bytes: await bytesOf(chosen.orders),
      async *rows(onBytes) {
        for (const file of chosen.orders) {
          const table = readTable(file, { columns: kinds.orders, encoding, onBytes });
          for await (const row of table) yield readRow(row, prices, context);
        }
      },
    } satisfies OpenedImport;
  },
};

export default londonTakeaway;

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
    path: row.path,
    file: row.file,
    line: row.line,
    orderId,
    order: {
      status: "closed",
      openedAt: new Date(opened.value).toISOString(),
      currency: context.currency,
      channel: "takeout",
    },
    item: { name, qty: quantity.value, gross: String(price * BigInt(quantity.value)) },
  };
}

function isOrderNumber(text: string): boolean {
  return /^\d{1,15}$/.test(text);
}
