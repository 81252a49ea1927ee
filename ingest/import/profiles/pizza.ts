import { bytesOf, filesByColumns } from "../choose-files.ts";
import type {
  AnnouncedOrder,
  ImportContext,
  ImportProfile,
  OpenedImport,
  OrderRow,
  RowFault,
} from "../import-profile.ts";
import { parseAmount, parseCount, parseTime } from "../parse-cells.ts";
import { readTable, rowFault, type TableRow } from "../read-table.ts";

interface Pizza {
  readonly name: string;
  readonly price: bigint;
}

interface Order extends AnnouncedOrder {
  /** An instant; "" where the row is bad, and so the order is never built. */
  readonly openedAt: string;
}

interface Known {
  readonly orders: ReadonlyMap<string, Order>;
  readonly prices: ReadonlyMap<string, Pizza>;
  readonly currency: string;
}

const kinds = {
  details: ["order_details_id", "order_id", "pizza_id", "quantity"],
  orders: ["order_id", "date", "time"],
  prices: ["pizza_id", "pizza_type_id", "size", "price"],
} as const;

/** One pizzeria's year: orders, their lines and the price list in three files. */
const pizza: ImportProfile = {
  name: "pizza",
  description: "Three files: orders (order_id, date, time), order details, and the price list.",
  async open(files, context) {
    const chosen = await filesByColumns(files, kinds);
    const faults: RowFault[] = [];
    const prices = await readPrices(chosen.prices, context, faults);
    const orders = await readOrders(chosen.orders, context, faults);
    const known = { prices, orders, currency: context.currency };
    return {
      faults,
      announced: orders.values(),
      bytes: await bytesOf(chosen.details),
      async *rows(onBytes) {
        for (const file of chosen.details) {
          for await (const row of readTable(file, onBytes)) yield readDetail(row, known);
        }
      },
    } satisfies OpenedImport;
  },
};

export default pizza;

async function readPrices(
  files: readonly string[],
  context: ImportContext,
  faults: RowFault[],
): Promise<Map<string, Pizza>> {
  const prices = new Map<string, Pizza>();
  for (const file of files) {
    for await (const row of readTable(file)) {
      const id = row.get("pizza_id");
      const fault = (column: string, reason: string) =>
        faults.push(rowFault(row, column, reason, null));
      const price = parseAmount(row.get("price"), context.exponent);
      if (row.fault !== null) fault(row.fault.column, row.fault.reason);
      else if (id === "") fault("pizza_id", "is missing");
      else if ("reason" in price) fault("price", price.reason);
      else if (prices.has(id)) fault("pizza_id", `stands here twice: ${id}`);
      else {
        const name = `${row.get("pizza_type_id").replaceAll("_", " ")} ${row.get("size")}`;
        prices.set(id, { name, price: price.value });
      }
    }
  }
  return prices;
}

async function readOrders(
  files: readonly string[],
  context: ImportContext,
  faults: RowFault[],
): Promise<Map<string, Order>> {
  const orders = new Map<string, Order>();
  for (const file of files) {
    for await (const row of readTable(file)) {
      const orderId = row.get("order_id");
      const before = orders.get(orderId);
      const spoil = (column: string, reason: string): void => {
        faults.push(rowFault(row, column, reason, orderId === "" ? null : orderId));
        if (orderId === "") return;
        orders.set(orderId, { orderId, file: row.file, line: row.line, openedAt: "" });
      };
      const opened = parseTime(`${row.get("date")} ${row.get("time")}`, context.timeZone);
      if (row.fault !== null) spoil(row.fault.column, row.fault.reason);
      else if (orderId === "") spoil("order_id", "is missing");
      else if (before !== undefined) spoil("order_id", `stands on line ${before.line} too`);
      else if ("reason" in opened) spoil("date", opened.reason);
      else {
        const openedAt = new Date(opened.value).toISOString();
        orders.set(orderId, { orderId, file: row.file, line: row.line, openedAt });
      }
    }
  }
  return orders;
}

function readDetail(row: TableRow, { orders, prices, currency }: Known): OrderRow | RowFault {
  const orderId = row.get("order_id");
  const order = orders.get(orderId);
  const spoil = (column: string, reason: string) =>
    rowFault(row, column, reason, order === undefined ? null : orderId);
  if (row.fault !== null) return spoil(row.fault.column, row.fault.reason);
  if (order === undefined) return spoil("order_id", `names no order: ${JSON.stringify(orderId)}`);
  const id = row.get("pizza_id");
  const sold = prices.get(id);
  if (sold === undefined) return spoil("pizza_id", `has no price: ${JSON.stringify(id)}`);
  const quantity = parseCount(row.get("quantity"));
  if ("reason" in quantity) return spoil("quantity", quantity.reason);
  const key = row.get("order_details_id");
  if (key === "") return spoil("order_details_id", "is missing");
  return {
    kind: "row",
    file: row.file,
    line: row.line,
    orderId,
    order: { status: "closed", openedAt: order.openedAt, currency },
    vendorVersion: "0",
    paymentMethod: null,
    tip: "0",
    item: {
      key,
      itemId: id,
      name: sold.name,
      qty: quantity.value,
      gross: String(sold.price * BigInt(quantity.value)),
    },
  };
}
