import type { Numbering, OrderPushInput } from "@tillcast/schemas";
import type { Fault } from "../../orders/faults.ts";
import { linesOf, paymentsOf } from "./bill-lines.ts";
import type { GatheredOrder } from "./gather-orders.ts";
import type { OrderRow, OrderSaid, RowFault } from "./import-profile.ts";

/** One order as in a push, and its rows, so that a fault can name its row. */
export interface BuiltOrder {
  readonly rows: readonly OrderRow[];
  readonly push: OrderPushInput;
  /** The bill's own total, if it has one. */
  readonly total?: string;
}

/** The result for the rows of one number: usually one order, or its faults. */
export interface BuiltOrders {
  readonly orders: readonly BuiltOrder[];
  readonly faults: readonly RowFault[];
}

/** The feed of the orders, and how orders with the same number differ. */
export interface BuildRules {
  readonly accountId: string;
  readonly storeId: string;
  readonly numbering: Numbering;
  /** The business date that distinguishes equal numbers of different days. */
  dayOf(said: OrderSaid): string | undefined;
}

/**
 * Builds orders from the rows of one number, as pushes that pass the same checks as any push. Rows that are
 * returned on another day than their sale become a separate return, so that they count on that day, whether or
 * not the file has the sale's rows.
 */
export function buildOrders(gathered: GatheredOrder, rules: BuildRules): BuiltOrders {
  if (gathered.faults.length > 0 || gathered.rows.length === 0) {
    return { orders: [], faults: gathered.faults };
  }
  const { bills, returns } = partRows(gathered.rows, rules);
  const orders: BuiltOrder[] = [];
  const faults: RowFault[] = [];
  for (const rows of bills) {
    const built = buildBill(rows, rules);
    if ("push" in built) orders.push(built);
    else faults.push(...built.faults);
  }
  faults.push(...takenBackBeyond(bills.flat(), returns.flat()));
  for (const rows of returns) {
    const built = buildReturn(rows, rules);
    if ("push" in built) orders.push(built);
    else faults.push(...built.faults);
  }
  return faults.length > 0 ? { orders: [], faults } : { orders, faults };
}

/** Finds the row and column of a fault in a built order: `lines[2].gross` is the third row's `gross`. */
export function rowFaultOf({ rows }: BuiltOrder, fault: Fault): RowFault {
  const inLine = /^lines\[(\d+)\]\.(.*)$/.exec(fault.field);
  const row = rows[inLine === null ? 0 : Number(inLine[1])] ?? rows[0];
  const field = inLine?.[2] ?? fault.field;
  return faultAt(row as OrderRow, columnNames[field] ?? field, fault.reason);
}

/** Columns whose name differs from the field's name. */
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

/** Splits the rows of one number into bills, by the feed's numbering, and separate returns. */
function partRows(rows: readonly OrderRow[], rules: BuildRules) {
  const sold = rows.filter((row) => row.isTakenBack !== true);
  const bills = new Map<string, OrderRow[]>();
  let last = "";
  for (const row of sold) {
    // A row with blank bill cells belongs to the row before it.
    if (row.order.openedAt !== undefined || bills.size === 0) last = nameOf(row, rules);
    const bill = bills.get(last) ?? [];
    bills.set(last, bill);
    bill.push(row);
  }
  const returns = new Map<string, OrderRow[]>();
  for (const row of rows) {
    if (row.isTakenBack !== true) continue;
    const at = row.order.openedAt;
    const ofBill = [...bills.values()].find(
      (bill) => at === undefined || bill.some(({ order }) => order.openedAt === at),
    );
    if (ofBill !== undefined) ofBill.push(row);
    else returns.set(at ?? "", [...(returns.get(at ?? "") ?? []), row]);
  }
  return { bills: [...bills.values()], returns: [...returns.values()] };
}

/** What a feed's numbering adds to the number, so that each name is one order. */
function nameOf({ order }: OrderRow, { numbering, dayOf }: BuildRules): string {
  const byDay = numbering === "per_day" || numbering === "per_register_and_day";
  const byRegister = numbering === "per_register" || numbering === "per_register_and_day";
  return JSON.stringify([byDay ? dayOf(order) : null, byRegister ? order.registerId : null]);
}

function buildBill(
  rows: readonly OrderRow[],
  rules: BuildRules,
): BuiltOrder | { readonly faults: readonly RowFault[] } {
  const [first] = rows as [OrderRow];
  const merged = mergeSaid(rows, rules);
  if ("faults" in merged) return merged;
  const { said, vendorVersion, paymentMethod, tip, total } = merged;
  if (said.openedAt === undefined) {
    return { faults: [faultAt(first, "opened_at", "is missing")] };
  }
  const hasReturned = rows.some((row) => row.isTakenBack === true);
  const isSale = said.kind === undefined || said.kind === "sale";
  const kind = hasReturned && isSale ? "exchange" : said.kind;
  const order = { ...said, ...(kind === undefined ? {} : { kind }) };
  const { openedAt, currency } = said as { openedAt: string; currency: string };
  return {
    rows,
    ...(total === undefined ? {} : { total }),
    push: {
      source: "file",
      accountId: rules.accountId,
      storeId: rules.storeId,
      orderId: first.orderId,
      version: { vendorVersion: vendorVersion ?? "0" },
      ...order,
      openedAt,
      currency,
      status: said.status ?? "closed",
      lines: linesOf(rows, said),
      payments: paymentsOf(rows, said, paymentMethod, tip),
    },
  };
}

/** A return at another time. It refers to its sale, and its name is the number and the time. */
function buildReturn(rows: readonly OrderRow[], rules: BuildRules): ReturnType<typeof buildBill> {
  const sold = rows.map(({ isTakenBack: _, ...row }) => row);
  const built = buildBill(sold, rules);
  if (!("push" in built)) return built;
  const { push } = built;
  const at = new Date(push.openedAt).toISOString().replace(".000Z", "Z");
  return {
    rows,
    push: {
      ...push,
      orderId: `${push.orderId}:return:${at}`,
      relatedOrderId: push.orderId,
      kind: "return",
    },
  };
}

interface MergedSaid {
  readonly said: OrderSaid;
  readonly vendorVersion: string | undefined;
  readonly paymentMethod: string | undefined;
  readonly tip: string | undefined;
  readonly total: string | undefined;
}

/** The bill fields that its rows agree on. Rows that disagree are faults. */
function mergeSaid(
  rows: readonly OrderRow[],
  rules: BuildRules,
): MergedSaid | { readonly faults: readonly RowFault[] } {
  const said: Record<string, { readonly value: unknown; readonly row: OrderRow }> = {};
  const faults: RowFault[] = [];
  for (const row of rows) {
    const { vendorVersion, paymentMethod, tip, total } = row;
    const fields = { ...row.order, vendorVersion, paymentMethod, tip, total };
    const differing = Object.entries(fields).find(([field, value]) => {
      if (value === undefined || field === "status") return false;
      said[field] ??= { value, row };
      return said[field].value !== value;
    });
    if (differing === undefined) continue;
    const [field] = differing;
    const before = said[field]?.row as OrderRow;
    faults.push(faultAt(row, headingOf(field), reasonOf(field, row, before, rules)));
  }
  const status = mergeStatus(rows);
  if ("fault" in status) faults.push(status.fault);
  if (faults.length > 0) return { faults };
  const { vendorVersion, paymentMethod, tip, total, ...order } = Object.fromEntries(
    Object.entries(said).map(([field, { value }]) => [field, value]),
  ) as OrderSaid & Partial<Pick<OrderRow, "vendorVersion" | "paymentMethod" | "tip" | "total">>;
  const stated = "status" in status && status.status !== undefined ? { status: status.status } : {};
  return { said: { ...order, ...stated }, vendorVersion, paymentMethod, tip, total };
}

/** The status of a bill: that of its lines that are not voided; voided if all lines are. */
function mergeStatus(
  rows: readonly OrderRow[],
): { readonly status: OrderSaid["status"] | undefined } | { readonly fault: RowFault } {
  const standing = rows.filter(({ order }) => (order.status ?? "voided") !== "voided");
  const [first] = standing;
  if (first === undefined) {
    // A blank status next to a voided line means that the bill counts, unless all bill cells of the row are blank.
    const isVoided = rows.every(({ order }) => (order.status ?? order.openedAt) === order.status);
    return { status: isVoided ? rows[0]?.order.status : undefined };
  }
  const other = standing.find(({ order }) => order.status !== first.order.status);
  if (other === undefined) return { status: first.order.status };
  const reason = `differs from ${rowNameFrom(first, other)} of the same order`;
  return { fault: faultAt(other, "status", reason) };
}

function reasonOf(field: string, row: OrderRow, before: OrderRow, rules: BuildRules): string {
  const days = [before, row].map(({ order }) => rules.dayOf(order));
  if (field === "openedAt" && rules.numbering === "unknown" && days[0] !== days[1]) {
    return `differs from ${rowNameFrom(before, row)} of the same order; if numbers start again, say so, for example --numbering per-day`;
  }
  return `differs from ${rowNameFrom(before, row)} of the same order`;
}

/** Rejects a return of more than was sold, if the sale is in the files. */
function takenBackBeyond(sold: readonly OrderRow[], back: readonly OrderRow[]): RowFault[] {
  const gross = (rows: readonly OrderRow[]) =>
    rows.reduce((sum, { item }) => sum + BigInt(item.gross), 0n);
  const [first] = back;
  if (first === undefined || sold.length === 0 || gross(back) <= gross(sold)) return [];
  return [faultAt(first, "gross", "takes back more than the bill had")];
}

const rowNameFrom = (row: OrderRow, seenFrom: OrderRow): string =>
  row.path === seenFrom.path ? `line ${row.line}` : `${row.file}:${row.line}`;

const headingOf = (field: string): string =>
  ({ vendorVersion: "version", paymentMethod: "payment_method", total: "order_total" })[field] ??
  columnNames[field] ??
  field;

function faultAt(row: OrderRow, column: string, reason: string): RowFault {
  const { file, line, orderId } = row;
  return { kind: "fault", file, line, column, reason, orderId };
}
