import type { Scope } from "@tillcast/core";
import { openBenchInstallation } from "./support/bench-installation.ts";
import { cpuBetween, cpuTime } from "./support/cpu-time.ts";
import { appendSnapshots, runProcessor } from "./support/processor-child.ts";
import { snapshotLoad } from "./support/snapshots.ts";
import { askedNumber } from "./support/world.ts";

const load = { stores: 50, editShare: 0.1, duplicateShare: 0.05, lateShare: 0.03, days: 7 };

/**
 * Snapshots to committed rollups of all tiers, with processor, database and log alone: the log is filled
 * first, then one processor settles it. `--orders=N` sets the size. A run's beginning costs 2 to 3 CPU-seconds
 * more than the same orders later (code is compiled, a young database makes its files).
 */
export default async function benchProcessor(scope: Scope): Promise<Record<string, unknown>> {
  const orders = askedNumber("orders", 300_000);
  const installation = await openBenchInstallation(scope);
  const { database, eventLog, pids } = installation;
  const snapshots = snapshotLoad({ ...load, orders });
  const expectedNet = netOfNewest(snapshots);
  await appendSnapshots(eventLog, snapshots);
  const before = cpuTime(pids);
  const run = await runProcessor(installation);
  const servers = cpuBetween(before, cpuTime(pids));
  const per100k = (seconds: number | null) =>
    seconds === null ? "not known" : ((seconds * 100_000) / snapshots.length).toFixed(2);
  const all =
    servers.database === null || servers.broker === null
      ? null
      : run.nodeCpuSeconds + servers.database + servers.broker;
  const { rows } = await database.service.query("select sum(net)::text as net from rollup_15m");
  return {
    snapshots: snapshots.length,
    "orders a second": Math.round(snapshots.length / run.seconds),
    "CPU seconds per 100,000, node": per100k(run.nodeCpuSeconds),
    "CPU seconds per 100,000, database": per100k(servers.database),
    "CPU seconds per 100,000, broker": per100k(servers.broker),
    "CPU seconds per 100,000, all": per100k(all),
    "memory of the processor, MB": Math.round(run.memoryMb),
    "sums equal to the cent": rows[0].net === String(expectedNet),
  };
}

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
