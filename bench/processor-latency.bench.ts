import { readSettings, type Scope, systemClock } from "@tillcast/core";
import { startLedgerProcessor, streamProcessorSettings } from "@tillcast/stream-processors";
import { type BenchInstallation, openBenchInstallation } from "./support/bench-installation.ts";
import { p50p99 } from "./support/percentile.ts";
import { followWithProcessor } from "./support/processor-child.ts";
import { startSteadyOrders } from "./support/steady-orders.ts";
import { visibleToday, watchVisible } from "./support/watch-visible.ts";
import { askedWorld, isAsked } from "./support/world.ts";

const stores = 50;
const rates = [500, 2_000];
/** A process that has run for a while has compiled its code and made its plans. */
const warmUps = rates.map((ordersPerSecond) => ({ ordersPerSecond, seconds: 3 }));
const seconds = 10;

/**
 * From an order's hand-over to the log until a reader of the rollups sees it, at steady rates; processor,
 * database, sender and the reader that polls every 2 ms share the machine. Embedded, the processor works in
 * the process that appends, as under `npm start`; with `--apart`, and always on the other world, in its own.
 */
export default async function benchProcessorLatency(
  scope: Scope,
): Promise<Record<string, unknown>> {
  const installation = await openBenchInstallation(scope);
  const { database, eventLog } = installation;
  const isApart = askedWorld() === "stack" || isAsked("apart");
  await (isApart ? followApart(scope, installation) : followHere(scope, installation));
  const figures: Record<string, unknown> = {};
  let firstOrder = 0;
  const loads = rates.map((ordersPerSecond) => ({ ordersPerSecond, seconds }));
  for (const load of [...warmUps, ...loads]) {
    const visible = () => visibleToday(database.service);
    const before = await visible();
    const steady = startSteadyOrders(eventLog, { stores, firstOrder, ...load });
    const total = load.ordersPerSecond * load.seconds;
    firstOrder += total;
    const { handed, appended, seen } = await watchVisible(steady, { visible, before, total });
    if (warmUps.includes(load)) continue;
    const at = `at ${load.ordersPerSecond}/s`;
    figures[`${at}, visible of ${total}`] = seen;
    figures[`${at}, handed over to visible, p50 / p99 ms`] = p50p99(handed);
    figures[`${at}, appended to visible, p50 / p99 ms`] = p50p99(appended);
  }
  return figures;
}

async function followApart(scope: Scope, installation: BenchInstallation): Promise<void> {
  const processor = await followWithProcessor(installation);
  scope.defer(() => {
    processor.disconnect();
  });
}

async function followHere(scope: Scope, installation: BenchInstallation): Promise<void> {
  const settings = readSettings(streamProcessorSettings, process.env);
  const processor = await startLedgerProcessor({ ...installation, clock: systemClock, settings });
  scope.defer(() => processor.stop());
}
