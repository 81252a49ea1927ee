import { setTimeout as pause } from "node:timers/promises";
import type { EventLog } from "@tillcast/event-log";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";

const pollMs = 50;
/** A member that died keeps its partitions for up to 10 s. */
const stallMaxMs = 60_000;

/** Waits until the ledger has settled every order that was appended; throws when it stands still. */
export async function untilSettled(eventLog: EventLog): Promise<void> {
  let leftBefore = -1n;
  let movedAt = performance.now();
  for (;;) {
    const left = await ordersLeft(eventLog);
    if (left === 0n) return;
    if (left !== leftBefore) movedAt = performance.now();
    if (performance.now() - movedAt > stallMaxMs) throw new Error(`${left} orders stay unsettled`);
    leftBefore = left;
    await pause(pollMs);
  }
}

async function ordersLeft(eventLog: EventLog): Promise<bigint> {
  let left = 0n;
  for (const { topic } of [topics.orders, topics.ordersBackfill]) {
    for (const lag of await eventLog.lag(topic, LEDGER_GROUP)) left += lag.lagRecords;
  }
  return left;
}
