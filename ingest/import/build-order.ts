import type { OrderPushInput } from "@tillcast/schemas";
import type { Fault } from "../accept/faults.ts";
import type { GatheredOrder } from "./gather-orders.ts";
import type { OrderRow, RowFault } from "./import-profile.ts";

/** An order as a push would carry it. */
export interface BuiltOrder {
  readonly push: OrderPushInput;
}

/**
 * Builds an order from its rows, as a push that passes the same checks as one from outside. Rows that
 * disagree about the order are faults.
 */
export function buildOrder(
  gathered: GatheredOrder,
  feed: { readonly accountId: string; readonly storeId: string },
): BuiltOrder | { readonly faults: readonly RowFault[] } {
  const { orderId, rows, faults } = gathered;
  const [first] = rows;
  if (faults.length > 0 || first === undefined) return { faults };
  const said = saidOfOrder(first);
  const contradicting = rows.filter((row) => saidOfOrder(row) !== said);
  if (contradicting.length > 0) {
    return { faults: contradicting.map((row) => contradiction(row, first)) };
  }
  return {
    push: {
      source: "file",
      accountId: feed.accountId,
      storeId: feed.storeId,
      orderId,
      version: { vendorVersion: first.vendorVersion },
      ...first.order,
      lines: rows.map((row, at) => ({ key: String(at + 1), ...row.item })),
      payments: paymentsOf(first, rows),
    },
  };
}

/** Names the row and column of a fault in a built order; `lines[2].gross` is the third row's `gross`. */
export function rowFaultOf(gathered: GatheredOrder, fault: Fault): RowFault {
  const { orderId, rows } = gathered;
  const inLine = /^lines\[(\d+)\]\.(.*)$/.exec(fault.field);
  const row = rows[inLine === null ? 0 : Number(inLine[1])] ?? rows[0];
  const field = inLine?.[2] ?? fault.field;
  return {
    kind: "fault",
    file: row?.file ?? "",
    line: row?.line ?? null,
    column: columnNames[field] ?? field,
    reason: fault.reason,
    orderId,
  };
}

/** Columns whose name differs from the field's. */
const columnNames: Readonly<Record<string, string>> = {
  openedAt: "opened_at",
  closedAt: "closed_at",
  paidAt: "paid_at",
  taxMode: "tax_mode",
  businessDate: "business_date",
  receiptNumber: "receipt_number",
  registerId: "register_id",
  orderId: "order_id",
  "version.vendorVersion": "version",
  name: "item",
  itemId: "item_id",
  key: "line_id",
};

function saidOfOrder({ order, vendorVersion, paymentMethod, tip }: OrderRow): string {
  return JSON.stringify([order, vendorVersion, paymentMethod, tip]);
}

function contradiction(row: OrderRow, first: OrderRow): RowFault {
  const fields = Object.keys({ ...first.order, ...row.order }) as (keyof OrderRow["order"])[];
  const field: string =
    fields.find((name) => row.order[name] !== first.order[name]) ??
    (row.vendorVersion === first.vendorVersion ? "payment_method" : "version");
  return {
    kind: "fault",
    file: row.file,
    line: row.line,
    column: columnNames[field] ?? field,
    reason: `differs from line ${first.line} of the same order`,
    orderId: row.orderId,
  };
}

/** One tender over the whole bill; without a method a file says nothing of tenders. */
function paymentsOf(first: OrderRow, rows: readonly OrderRow[]): OrderPushInput["payments"] {
  if (first.paymentMethod === null) return [];
  const amount = rows.reduce((sum, { item }) => {
    const tax = first.order.taxMode === "inclusive" ? 0n : BigInt(item.tax ?? 0);
    return sum + BigInt(item.gross) - BigInt(item.discount ?? 0) + tax;
  }, 0n);
  const method = first.paymentMethod;
  // A bill that a discount makes negative is a fault of its own, named where it stands.
  const paid = amount < 0n ? 0n : amount;
  return [{ key: "1", method, amount: String(paid), tip: first.tip }];
}
