import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { openScope } from "@tillcast/core";
import { feedKeyOf, orderSnapshotCodec, topics } from "@tillcast/schemas";
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
    const { url, database, eventLog, postmasterPid } = await openBenchInstallation(scope);
    const snapshots = snapshotLoad({ ...load, orders });
    const expectedNet = netOfNewest(snapshots);
    for (let from = 0; from < snapshots.length; from += appendCount) {
      const records = snapshots.slice(from, from + appendCount).map((snapshot) => ({
        key: feedKeyOf(snapshot),
        value: orderSnapshotCodec.encode(snapshot),
      }));
      await eventLog.append(topics.orders.topic, records);
    }
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

interface ProcessorRun {
  readonly seconds: number;
  readonly nodeCpuSeconds: number;
  readonly memoryMb: number;
}

const runFile = fileURLToPath(new URL("./support/run-processor.ts", import.meta.url));
/** Far beyond any run; a processor that hangs ends the bench. */
const runTimeoutMs = 600_000;

/** Runs the processor in a process of its own, so that the load's garbage does not burden it. */
async function runProcessor(url: string): Promise<ProcessorRun> {
  const flags = process.env.BENCH_NODE_FLAGS?.split(" ") ?? [];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, runFile, url], {
    timeout: runTimeoutMs,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
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
