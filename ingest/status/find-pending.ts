import { decodeOrder, type EventLog } from "@tillcast/event-log";
import { LEDGER_GROUP, type OrderSnapshot, topics } from "@tillcast/schemas";
import type { AcceptedVersion } from "../accept/known-versions.ts";

/** Most records that are searched for one order. With more lag the answer is "not known yet". */
export const PENDING_SCAN_MAX_COUNT = 5_000;
const PENDING_SCAN_MAX_BYTES = 8_000_000;

/**
 * Searches an order among the records that are not settled yet. Another process, or this one before a restart,
 * may have accepted it.
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
  // The location is unknown here, so any partition may contain the order. The key excludes most other records.
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
