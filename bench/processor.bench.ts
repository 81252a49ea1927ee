import { openScope } from "@tillcast/core";
import { openBenchInstallation } from "./support/bench-installation.ts";
import { cpuBetween, cpuTime } from "./support/cpu-time.ts";
import { appendSnapshots, runProcessor } from "./support/processor-child.ts";
import { snapshotLoad } from "./support/snapshots.ts";

const load = { stores: 50, editShare: 0.1, duplicateShare: 0.05, lateShare: 0.03, days: 7 };

/**
 * Snapshots to committed rollups of all tiers, with processor, database and log alone: the log is filled
 * first, then one processor settles it. `--orders=N` sets the size.
 */
export default async function benchProcessor(): Promise<Record<string, unknown>> {
  const orders = Number(/--orders=(\d+)/.exec(process.argv.join(" "))?.[1] ?? 100_000);
  const scope = openScope();
  try {
    const { url, database, eventLog, postmasterPid } = await openBenchInstallation(scope);
    const snapshots = snapshotLoad({ ...load, orders });
    const expectedNet = netOfNewest(snapshots);
    await appendSnapshots(eventLog, snapshots);
    const cpu = cpuTime(postmasterPid);
    const run = await runProcessor(url);
    const databaseCpu = cpuBetween(cpu, cpuTime(postmasterPid)).database;
    const per100k = 100_000 / snapshots.length;
    const { rows } = await database.service.query("select sum(net)::text as net from rollup_15m");
    return {
      snapshots: snapshots.length,
      "orders a second": Math.round(snapshots.length / run.seconds),
      "CPU seconds per 100,000, node": round(run.nodeCpuSeconds * per100k),
      "CPU seconds per 100,000, database":
        databaseCpu === null ? "not known" : round(databaseCpu * per100k),
      "CPU seconds per 100,000, both":
        databaseCpu === null ? "not known" : round((run.nodeCpuSeconds + databaseCpu) * per100k),
      "memory of the processor, MB": Math.round(run.memoryMb),
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
