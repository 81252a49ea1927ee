import { type SnapshotDecoders, type StoredSnapshot, snapshotOf } from "@tillcast/core";
import type { EntryRow } from "@tillcast/schemas";
import { viewQuantity } from "./measure-columns.ts";

/** The order behind an entry, as it is now. */
export function viewOrder(decoders: SnapshotDecoders, row: StoredSnapshot): EntryRow["order"] {
  const order = snapshotOf(decoders, row);
  return {
    source: order.source,
    accountId: order.accountId,
    orderId: order.orderId,
    kind: order.kind,
    status: order.status,
    receiptNumber: order.receiptNumber,
    lines: order.lines.map((line) => ({
      name: line.name,
      quantity: viewQuantity(line.quantityMicro),
      net: line.net.toString(),
      voided: line.voidedAt !== null || order.status === "voided",
    })),
  };
}
