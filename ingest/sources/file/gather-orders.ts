import type { OpenedImport, OrderRow, RowFault, RowNote } from "./import-profile.ts";
import { mergeRepeats } from "./merge-repeats.ts";

/** All rows of one number, good ones and bad ones. */
export interface GatheredOrder {
  readonly orderId: string;
  readonly rows: readonly OrderRow[];
  /** An order with a bad row is rejected as a whole, because half a bill would be wrong. */
  readonly faults: readonly RowFault[];
}

/** The results of gathering: orders, and bad or noted rows without an order. */
export type Gathered = GatheredOrder | RowFault | RowNote;

/**
 * Groups rows into orders, wherever the rows are in the files. `counts` has the number of rows of each order, from
 * a first pass. An order is yielded with its last row, so that memory holds only incomplete orders.
 */
export async function* gatherOrders(
  opened: OpenedImport,
  counts: ReadonlyMap<string, number>,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Gathered> {
  const left = new Map(counts);
  const spoiled = new Map<string, RowFault[]>();
  for (const fault of opened.faults) {
    if (fault.orderId === null) yield fault;
    else spoiled.set(fault.orderId, [...(spoiled.get(fault.orderId) ?? []), fault]);
  }
  for (const { orderId, file, line } of opened.announced) {
    if (left.has(orderId)) continue;
    const missing = { kind: "fault", file, line, column: "order_id", orderId } as const;
    const faults = spoiled.get(orderId) ?? [{ ...missing, reason: "has no rows" }];
    spoiled.delete(orderId);
    yield { orderId, rows: [], faults };
  }
  const open = new Map<string, { rows: OrderRow[]; faults: RowFault[] }>();
  for await (const row of opened.rows(onBytes)) {
    const { orderId } = row;
    if (orderId === null) {
      yield row;
      continue;
    }
    const order = open.get(orderId) ?? { rows: [], faults: [...(spoiled.get(orderId) ?? [])] };
    open.set(orderId, order);
    if (row.kind === "row") order.rows.push(row);
    else if (row.kind === "fault") order.faults.push(row);
    const rowsLeft = (left.get(orderId) ?? 1) - 1;
    left.set(orderId, rowsLeft);
    if (rowsLeft > 0) continue;
    open.delete(orderId);
    const merged = mergeRepeats(order.rows);
    yield { orderId, rows: merged.rows, faults: [...order.faults, ...merged.faults] };
  }
}
