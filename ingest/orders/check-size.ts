import { type OrderSnapshot, orderSnapshotCodec } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

/** Largest order in bytes as it crosses the log, which takes records of 4 MiB with their keys. */
const ORDER_MAX_BYTES = 4_000_000;
/** Up to so many parts an order is small enough, however long each text of it is. */
const PARTS_SURELY_SMALL = 500;

/**
 * Finds an order too large for the log. Refused here it costs itself alone; the log would refuse
 * everything that was pushed with it, each time again.
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
