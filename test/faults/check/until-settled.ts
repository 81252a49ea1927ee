import { setTimeout as pause } from "node:timers/promises";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import type { World } from "../world/world.ts";

const pollMs = 100;

/**
 * Waits until the ledger has settled the log and no parked order waits for its release, except orders of unknown
 * locations. If there is no progress for `stallMaxMs`, resolves with what still waits; otherwise with undefined.
 */
export async function untilSettled(
  world: World,
  parkedCount: number,
  stallMaxMs: number,
): Promise<string | undefined> {
  let before = "";
  let movedAt = performance.now();
  for (;;) {
    const left = await onItsWay(world, parkedCount).catch((error: unknown) => String(error));
    if (left === undefined) return undefined;
    if (left !== before) movedAt = performance.now();
    if (performance.now() - movedAt > stallMaxMs) return left;
    before = left;
    await pause(pollMs);
  }
}

async function onItsWay(world: World, parkedCount: number): Promise<string | undefined> {
  const { rows } = await world.database.service.query<{ parked: number }>(
    "select count(distinct order_key)::int as parked from parked_order where released_at is null",
  );
  const parked = rows[0]?.parked ?? 0;
  if (parked !== parkedCount) return `${parked} orders are parked, ${parkedCount} should be`;
  for (const { topic } of [topics.orders, topics.ordersBackfill]) {
    const lags = await world.eventLog.lag(topic, LEDGER_GROUP);
    const left = lags.filter(({ lagRecords }) => lagRecords !== 0n);
    if (left.length > 0) {
      return left.map(({ partition, lagRecords }) => `${partition}: ${lagRecords}`).join(", ");
    }
  }
  return undefined;
}
