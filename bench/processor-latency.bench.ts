import { openScope } from "@tillcast/core";
import type { Pool } from "pg";
import { openBenchInstallation } from "./support/bench-installation.ts";
import { percentile } from "./support/percentile.ts";
import { followWithProcessor } from "./support/processor-child.ts";
import { storeIdOf } from "./support/snapshots.ts";
import { type SteadyOrders, startSteadyOrders } from "./support/steady-orders.ts";

const stores = 50;
const rates = [500, 2_000];
const warmUp = { ordersPerSecond: 500, seconds: 3 };
const seconds = 10;
const pollMs = 4;
/** How long after the last append orders may still become visible. */
const graceMs = 10_000;

/**
 * From an order's hand-over to the log until a reader of the rollups sees it, at steady rates; processor,
 * database, sender and the reader that polls every 4 ms share the machine.
 */
export default async function benchProcessorLatency(): Promise<Record<string, unknown>> {
  const scope = openScope();
  try {
    const { url, database, eventLog } = await openBenchInstallation(scope);
    const processor = await followWithProcessor(url);
    scope.defer(() => {
      processor.disconnect();
    });
    const figures: Record<string, unknown> = {};
    let firstOrder = 0;
    for (const load of [warmUp, ...rates.map((rate) => ({ ordersPerSecond: rate, seconds }))]) {
      const before = await visibleOrders(database.service);
      const steady = startSteadyOrders(eventLog, { stores, firstOrder, ...load });
      const total = load.ordersPerSecond * load.seconds;
      firstOrder += total;
      const { handed, appended, seen } = await watch(database.service, steady, before, total);
      if (load === warmUp) continue;
      const at = `at ${load.ordersPerSecond}/s`;
      figures[`${at}, visible of ${total}`] = seen;
      figures[`${at}, handed over to visible, p50 / p99 ms`] = p50p99(handed);
      figures[`${at}, appended to visible, p50 / p99 ms`] = p50p99(appended);
    }
    return figures;
  } finally {
    await scope.close();
  }
}

const p50p99 = (values: readonly number[]): string =>
  [0.5, 0.99].map((share) => percentile(values, share).toFixed(1)).join(" / ");

/** Polls until every order is visible, and answers how long each one took. */
async function watch(
  pool: Pool,
  steady: SteadyOrders,
  before: ReadonlyMap<string, number>,
  total: number,
) {
  const handed: number[] = [];
  const appended: number[] = [];
  const counts = new Array<number>(stores).fill(0);
  let seen = 0;
  let giveUpAt = Number.POSITIVE_INFINITY;
  void steady.done.then(() => {
    giveUpAt = performance.now() + graceMs;
  });
  while (seen < total && performance.now() < giveUpAt) {
    const visible = await visibleOrders(pool);
    const now = performance.now();
    for (let store = 0; store < stores; store += 1) {
      const storeId = storeIdOf(store);
      const count = (visible.get(storeId) ?? 0) - (before.get(storeId) ?? 0);
      for (let index = counts[store] ?? 0; index < count; index += 1) {
        handed.push(now - (steady.handedAtMs.get(store)?.[index] ?? now));
        // It may be visible before the log's answer arrived here.
        appended.push(Math.max(0, now - (steady.appendedAtMs.get(store)?.[index] ?? now)));
        seen += 1;
      }
      counts[store] = count;
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  await steady.done;
  return { handed, appended, seen };
}

/** Orders in the daily tier, by store. */
async function visibleOrders(pool: Pool): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ store_id: string; orders: number }>({
    name: "bench-visible-orders",
    text: "select store_id, sum(orders)::int as orders from rollup_day group by store_id",
  });
  return new Map(rows.map((row) => [row.store_id, row.orders]));
}
