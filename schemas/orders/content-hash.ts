import { hash } from "node:crypto";
import { type OrderSnapshot, orderSnapshotCodec } from "./order-snapshot.ts";

/**
 * 32 hexadecimal digits over what an order says, whenever it was received: the same order pushed twice
 * has the same hash, however its feed's orders are named by now.
 */
export function contentHashOf(snapshot: OrderSnapshot): string {
  const content = orderSnapshotCodec.encode({
    ...snapshot,
    receivedAt: 0,
    numbering: null,
    numberSpace: null,
    formerKey: null,
    nameDecision: null,
    version: { ...snapshot.version, observedAt: 0, hash: "" },
  });
  return hash("sha256", content, "hex").slice(0, 32);
}
