import { decodeOrder, type EventLog } from "@tillcast/event-log";
import { LEDGER_GROUP, type OrderSnapshot, topics } from "@tillcast/schemas";
import type { AcceptedVersion } from "../accept/known-versions.ts";

/** Most records that are looked through for one order; a longer backlog answers "not known yet". */
export const PENDING_SCAN_MAX_COUNT = 5_000;
const PENDING_SCAN_MAX_BYTES = 8_000_000;

/**
 * Looks for an order among what is appended and not settled. Another process, or this one before it was
 * restarted, may have accepted it.
 */
export async function findPending(
  eventLog: EventLog,
  order: {
    readonly tenantId: string;
    readonly source: string;
    readonly accountId: string;
    readonly orderId: string;
    readonly space?: string | undefined;
  },
): Promise<AcceptedVersion | undefined> {
  // The location is not known here, so every partition may hold it; the key tells most others apart.
  const prefix = `${order.tenantId}/${order.source}/${order.accountId}/`;
  let left = PENDING_SCAN_MAX_COUNT;
  let found: OrderSnapshot | undefined;
  for (const { topic } of [topics.orders, topics.ordersBackfill]) {
    for (const { partition, position, lagRecords } of await eventLog.lag(topic, LEDGER_GROUP)) {
      if (lagRecords <= 0n || left <= 0) continue;
      const limits = { maxCount: left, maxBytes: PENDING_SCAN_MAX_BYTES };
      const records = await eventLog.read({ topic, partition, from: position, ...limits });
      left -= records.length;
      for (const { key, value } of records) {
        if (!key.startsWith(prefix) || !value.includes(order.orderId)) continue;
        const snapshot = decodeOrder(value);
        const isOfSpace = order.space === undefined || snapshot?.numberSpace === order.space;
        if (snapshot?.orderId === order.orderId && isOfSpace) found = snapshot;
      }
    }
  }
  return found && { ...found.version, storeId: found.storeId, receivedAt: found.receivedAt };
}
