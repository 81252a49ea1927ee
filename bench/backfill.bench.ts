import { setTimeout as pause } from "node:timers/promises";
import type { Scope } from "@tillcast/core";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import { openBenchInstallation } from "./support/bench-installation.ts";
import { p50p99 } from "./support/percentile.ts";
import { appendSnapshots, followWithProcessor, runProcessor } from "./support/processor-child.ts";
import { snapshotLoad } from "./support/snapshots.ts";
import { startSteadyOrders } from "./support/steady-orders.ts";
import { visibleToday, watchVisible } from "./support/watch-visible.ts";
import { askedNumber } from "./support/world.ts";

const load = { stores: 50, editShare: 0.1, duplicateShare: 0.05, lateShare: 0.03, days: 7 };
/** History gives way to live orders; on a machine too busy for both it would wait for ever. */
const secondsMax = 1_800;
/** Orders made at a time; the load's own memory stays small so. */
const chunkOrders = 50_000;
const pollMs = 250;

/**
 * History beside live orders: how fast it settles while live orders come, against the rate of
 * the processor alone, and how long live orders take meanwhile. `--orders=N` is the history's size,
 * `--rate=N` the live orders a second.
 */
export default async function benchBackfill(scope: Scope): Promise<Record<string, unknown>> {
  const orders = askedNumber("orders", 200_000);
  const ordersPerSecond = askedNumber("rate", 500);
  const installation = await openBenchInstallation(scope);
  const { database, eventLog } = installation;
  let firstOrder = 0;
  const fill = async (topic: string, count: number) => {
    let records = 0;
    for (const end = firstOrder + count; firstOrder < end; firstOrder += chunkOrders) {
      const chunk = { ...load, orders: Math.min(chunkOrders, end - firstOrder), firstOrder };
      const snapshots = snapshotLoad(chunk);
      records += snapshots.length;
      await appendSnapshots(eventLog, snapshots, topic);
    }
    return records;
  };
  const alone = await fill(topics.orders.topic, Math.min(orders, 2 * chunkOrders));
  const aloneRate = alone / (await runProcessor(installation)).seconds;

  const records = await fill(topics.ordersBackfill.topic, orders);
  const processor = await followWithProcessor(installation);
  scope.defer(() => {
    processor.disconnect();
  });
  const startedAt = performance.now();
  const steady = startSteadyOrders(eventLog, {
    stores: load.stores,
    ordersPerSecond,
    seconds: secondsMax,
    firstOrder: 10_000_000,
  });
  const visible = () => visibleToday(database.service);
  const watched = watchVisible(steady, { visible, before: new Map(), total: Infinity });
  const elapsed = () => (performance.now() - startedAt) / 1_000;
  while (!(await isSettled()) && elapsed() < secondsMax) await pause(pollMs);
  const rate = elapsed() < secondsMax ? records / elapsed() : Number.NaN;
  steady.stop();
  const { handed, seen } = await watched;
  return {
    "processor alone, orders a second": Math.round(aloneRate),
    "history beside live, orders a second": Math.round(rate),
    "history to processor alone": (rate / aloneRate).toFixed(2),
    "live orders visible": `${seen} of ${steady.orders.length}`,
    "live, handed over to visible, p50 / p99 ms": p50p99(handed),
  };

  async function isSettled(): Promise<boolean> {
    const lags = await eventLog.lag(topics.ordersBackfill.topic, LEDGER_GROUP);
    return lags.length > 0 && lags.every(({ lagRecords }) => lagRecords === 0n);
  }
}
