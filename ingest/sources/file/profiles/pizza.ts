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
import type { Cell } from "../text/cell.ts";
import { readKeyed } from "../text/read-keyed.ts";
import { readTable, rowFault, type TableRow } from "../text/read-table.ts";

interface Pizza {
  readonly name: string;
  readonly price: bigint;
}

interface Order extends AnnouncedOrder {
  readonly path: string;
  /** An instant; "" if the row is bad, and then the order is never built. */
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

/** One pizzeria's year, in three files: orders, their lines and the price list. */
const pizza: ImportProfile = {
  name: "pizza",
  description: "Three files: orders (order_id, date, time), order details, and the price list.",
  async open(files, context) {
    const encoding = context.said?.encoding;
    const chosen = await filesByColumns(files, kinds, encoding);
    const faults: RowFault[] = [];
    const prices = await readKeyed(
      chosen.prices,
      { columns: kinds.prices, encoding },
      {
        id: "pizza_id",
        valueColumn: "price",
        value: (row) => priceOf(row, context),
        isSame: (one, other) => one.name === other.name && one.price === other.price,
      },
      faults,
    );
    const orders = await readOrders(chosen.orders, context, faults);
    const known = { prices, orders, currency: context.currency };
    return {
      faults,
      announced: orders.values(),
      bytes: await bytesOf(chosen.details),
      async *rows(onBytes) {
        for (const file of chosen.details) {
          const table = readTable(file, { columns: kinds.details, encoding, onBytes });
          for await (const row of table) yield readDetail(row, known);
        }
      },
    } satisfies OpenedImport;
  },
};

export default pizza;

function priceOf(row: TableRow, context: ImportContext): Cell<Pizza> {
  const price = parseAmount(row.get("price"), context.exponent);
  if ("reason" in price) return price;
  const name = `${row.get("pizza_type_id").replaceAll("_", " ")} ${row.get("size")}`;
  return { value: { name, price: price.value } };
}

async function readOrders(
  files: readonly string[],
  context: ImportContext,
  faults: RowFault[],
): Promise<Map<string, Order>> {
  const orders = new Map<string, Order>();
  for (const file of files) {
    const table = readTable(file, { columns: kinds.orders, encoding: context.said?.encoding });
    for await (const row of table) {
      const orderId = row.get("order_id");
      const before = orders.get(orderId);
      const place = { orderId, path: row.path, file: row.file, line: row.line };
      const spoil = (column: string, reason: string): void => {
        faults.push(rowFault(row, column, reason, orderId === "" ? null : orderId));
        if (orderId === "") return;
        orders.set(orderId, { ...place, openedAt: "" });
      };
      const opened = parseTime(`${row.get("date")} ${row.get("time")}`, context.timeZone);
      if (row.fault !== null) spoil(row.fault.column, row.fault.reason);
      else if (orderId === "") spoil("order_id", "is missing");
      else if ("reason" in opened) spoil("date", opened.reason);
      else {
        const openedAt = new Date(opened.value).toISOString();
        const isRepeat = before?.path !== row.path && before?.openedAt === openedAt;
        if (before !== undefined && !isRepeat)
          spoil("order_id", `stands on line ${before.line} too`);
        else orders.set(orderId, { ...place, openedAt });
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
    path: row.path,
    file: row.file,
    line: row.line,
    orderId,
    order: {
      status: "closed",
      currency,
      ...(order.openedAt === "" ? {} : { openedAt: order.openedAt }),
    },
    item: {
      key,
      itemId: id,
      name: sold.name,
      qty: quantity.value,
      gross: String(sold.price * BigInt(quantity.value)),
    },
  };
}
