import { type OrderSnapshot, orderSnapshotCodec } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

/** Largest order in bytes. The log accepts records of 4 MiB with their keys. */
const ORDER_MAX_BYTES = 4_000_000;
/** An order with at most this many parts is always small enough. */
const PARTS_SURELY_SMALL = 500;

/**
 * Finds an order that is too large for the log. Here only this order is rejected; the log would refuse all
 * orders of the same request, again and again.
 */
export function checkSize(snapshot: OrderSnapshot, faults: Fault[]): void {
  const { lines, charges, payments, refunds } = snapshot;
  const parts = lines.length + charges.length + payments.length + refunds.length;
  if (parts <= PARTS_SURELY_SMALL) return;
  const bytes = orderSnapshotCodec.encode(snapshot).length;
  if (bytes <= ORDER_MAX_BYTES) return;
  faults.push({
    field: "order",
    reason: `has ${bytes} bytes in ${parts} parts, more than the limit of ${ORDER_MAX_BYTES}`,
  });
}
