import type { Scope } from "@tillcast/core";
import { openBenchInstallation } from "./support/bench-installation.ts";
import { p50p99 } from "./support/percentile.ts";
import { followWithProcessor } from "./support/processor-child.ts";
import { startSteadyOrders } from "./support/steady-orders.ts";
import { visibleToday, watchVisible } from "./support/watch-visible.ts";

const stores = 50;
const rates = [500, 2_000];
const warmUp = { ordersPerSecond: 500, seconds: 3 };
const seconds = 10;

/**
 * From an order's hand-over to the log until a reader of the rollups sees it, at steady rates; processor,
 * database, sender and the reader that polls every 4 ms share the machine.
 */
export default async function benchProcessorLatency(
  scope: Scope,
): Promise<Record<string, unknown>> {
  const installation = await openBenchInstallation(scope);
  const { database, eventLog } = installation;
  const processor = await followWithProcessor(installation);
  scope.defer(() => {
    processor.disconnect();
  });
  const figures: Record<string, unknown> = {};
  let firstOrder = 0;
  for (const load of [warmUp, ...rates.map((rate) => ({ ordersPerSecond: rate, seconds }))]) {
    const visible = () => visibleToday(database.service);
    const before = await visible();
    const steady = startSteadyOrders(eventLog, { stores, firstOrder, ...load });
    const total = load.ordersPerSecond * load.seconds;
    firstOrder += total;
    const { handed, appended, seen } = await watchVisible(steady, { visible, before, total });
    if (load === warmUp) continue;
    const at = `at ${load.ordersPerSecond}/s`;
    figures[`${at}, visible of ${total}`] = seen;
    figures[`${at}, handed over to visible, p50 / p99 ms`] = p50p99(handed);
    figures[`${at}, appended to visible, p50 / p99 ms`] = p50p99(appended);
  }
  return figures;
}
