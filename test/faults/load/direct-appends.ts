import { setTimeout as pause } from "node:timers/promises";
import { systemClock } from "@tillcast/core";
import { type EventLog, type NewRecord, partitionOf } from "@tillcast/event-log";
import { type OrderPushInput, orderSnapshotCodec, topics } from "@tillcast/schemas";
import { decideOrder, originOf } from "../../../ingest/accept/decide-orders.ts";
import { parseOrder } from "../../../ingest/orders/parse-order.ts";
import type { StoreLookup } from "../../../ingest/places/store-lookup.ts";

const retryPauseMs = 300;
const triesMax = 400;

/** Appends to the order topic until that is durable; what was appended already comes twice. */
export async function appendUntilDurable(
  eventLog: EventLog,
  records: readonly NewRecord[],
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await eventLog.append(topics.orders.topic, records);
      return;
    } catch (error) {
      if (tries === triesMax) throw error;
      await pause(retryPauseMs);
    }
  }
}

/** One order as records of several partitions, which no sender of ours would ever make. */
export async function recordsInManyPartitions(
  stores: StoreLookup,
  tenantId: string,
  order: OrderPushInput,
  partitionCount: number,
): Promise<NewRecord[]> {
  const parsed = parseOrder(order);
  if (!("order" in parsed)) throw new Error(`order ${order.orderId} cannot be read`);
  const [place] = await stores.resolve(tenantId, [originOf(parsed.order)]);
  const decision = decideOrder(parsed, place, { tenantId, receivedAt: systemClock.now() });
  if (decision.result !== "accepted")
    throw new Error(`order ${order.orderId} is ${decision.result}`);
  const value = orderSnapshotCodec.encode(decision.snapshot);
  return forgedKeys(partitionCount).map((key) => ({ key, value }));
}

/** A key for each of the first partitions. */
export function forgedKeys(partitionCount: number): string[] {
  const keys = new Map<number, string>();
  for (let at = 0; keys.size < partitionCount; at += 1) {
    const key = `forged-${at}`;
    const partition = partitionOf(key, topics.orders.partitions);
    if (partition < partitionCount && !keys.has(partition)) keys.set(partition, key);
  }
  return [...keys.values()];
}
