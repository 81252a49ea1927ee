import { setTimeout as pause } from "node:timers/promises";
import type { Expected } from "../load/expected.ts";
import { untilItWorks } from "../load/load.ts";
import { drawProbe, tenantId } from "../load/slice.ts";
import type { Till } from "../load/till.ts";
import type { World } from "../world/world.ts";

const pollMs = 50;
const freshMaxMs = 300_000;

/**
 * Sends one new order of every store and answers the milliseconds until all are counted: that is when the
 * dashboards are fresh again, whatever of the load is still on its way.
 */
export async function untilFresh(
  world: World,
  till: Till,
  expected: Expected,
  number: number,
  seed: number,
): Promise<number> {
  const startedAt = performance.now();
  const probe = drawProbe(seed, number);
  expected.add(probe);
  await till.send(probe.pictures, { batchMaxCount: 50, sendersCount: 1, pauseMs: 0 });
  const ids = probe.pictures.map(({ orderId }) => orderId);
  for (;;) {
    const { rows } = await untilItWorks(() =>
      world.database.service.query<{ count: number }>(
        "select count(*)::int as count from order_head where tenant_id = $1 and order_id = any($2)",
        [tenantId, ids],
      ),
    );
    const durationMs = performance.now() - startedAt;
    if (rows[0]?.count === ids.length) return durationMs;
    if (durationMs > freshMaxMs) {
      throw new Error(
        `not fresh: ${rows[0]?.count} of ${ids.length} orders after ${durationMs} ms`,
      );
    }
    await pause(pollMs);
  }
}
