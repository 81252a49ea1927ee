import type { OpenedImport, OrderRow, RowFault, RowNote } from "./import-profile.ts";
import { mergeRepeats } from "./merge-repeats.ts";

/** All rows of one number, good ones and bad ones. */
export interface GatheredOrder {
  readonly orderId: string;
  readonly rows: readonly OrderRow[];
  /** An order with any bad row is rejected whole: half a bill would be a wrong one. */
  readonly faults: readonly RowFault[];
}

/** What gathering yields: orders, and bad or noted rows that belong to none. */
export type Gathered = GatheredOrder | RowFault | RowNote;

/**
 * Gathers rows to orders, wherever in the files they stand. `counts` has the rows of each order, from a first
 * walk; this one yields an order with its last row, so that only orders in between are in memory.
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
