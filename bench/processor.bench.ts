import { openScope, readSettings, systemClock } from "@tillcast/core";
import { feedKeyOf, LEDGER_GROUP, orderSnapshotCodec, topics } from "@tillcast/schemas";
import { startLedgerProcessor, streamProcessorSettings } from "@tillcast/stream-processors";
import { openBenchInstallation } from "./support/bench-installation.ts";
import { cpuBetween, cpuTime } from "./support/cpu-time.ts";
import { snapshotLoad } from "./support/snapshots.ts";

const appendCount = 500;
const load = { stores: 50, editShare: 0.1, duplicateShare: 0.05, lateShare: 0.03, days: 7 };

/**
 * Snapshots to committed rollups of all tiers, with processor, database and log alone: the log is filled
 * first, then one processor settles it. `--orders=N` sets the size.
 */
export default async function benchProcessor(): Promise<Record<string, unknown>> {
  const orders = Number(/--orders=(\d+)/.exec(process.argv.join(" "))?.[1] ?? 100_000);
  const scope = openScope();
  try {
    const { database, eventLog, log, metrics, postmasterPid } = await openBenchInstallation(scope);
    const snapshots = snapshotLoad({ ...load, orders });
    const expectedNet = netOfNewest(snapshots);
    for (let from = 0; from < snapshots.length; from += appendCount) {
      const records = snapshots
        .slice(from, from + appendCount)
        .map((snapshot) => ({
          key: feedKeyOf(snapshot),
          value: orderSnapshotCodec.encode(snapshot),
        }));
      await eventLog.append(topics.orders.topic, records);
    }
    await database.service.query("select 1");
    const settings = readSettings(streamProcessorSettings, process.env);
    const cpu = cpuTime(postmasterPid);
    const startedAt = performance.now();
    const processor = await startLedgerProcessor({
      database,
      eventLog,
      clock: systemClock,
      log,
      metrics,
      settings,
    });
    scope.defer(() => processor.stop());
    for (;;) {
      const lags = await eventLog.lag(topics.orders.topic, LEDGER_GROUP);
      if (lags.length > 0 && lags.every((lag) => lag.lagRecords === 0n)) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    const used = cpuBetween(cpu, cpuTime(postmasterPid));
    const per100k = 100_000 / snapshots.length;
    const { rows } = await database.service.query("select sum(net)::text as net from rollup_15m");
    return {
      snapshots: snapshots.length,
      "orders a second": Math.round(snapshots.length / seconds),
      "CPU seconds per 100,000, node": round(used.node * per100k),
      "CPU seconds per 100,000, database":
        used.database === null ? "not known" : round(used.database * per100k),
      "CPU seconds per 100,000, both":
        used.database === null ? "not known" : round((used.node + used.database) * per100k),
      "memory of the process, MB": Math.round(process.memoryUsage().rss / 1e6),
      "sums equal to the cent": rows[0].net === String(expectedNet),
    };
  } finally {
    await scope.close();
  }
}

const round = (value: number) => Math.round(value * 100) / 100;

function netOfNewest(snapshots: ReturnType<typeof snapshotLoad>): bigint {
  const newest = new Map<string, (typeof snapshots)[number]>();
  for (const snapshot of snapshots) {
    const held = newest.get(snapshot.orderId);
    if (held === undefined || snapshot.version.vendorVersion > held.version.vendorVersion) {
      newest.set(snapshot.orderId, snapshot);
    }
  }
  return [...newest.values()]
    .flatMap((order) => order.lines)
    .reduce((sum, line) => sum + line.net, 0n);
}
