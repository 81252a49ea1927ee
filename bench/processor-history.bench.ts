import type { Scope } from "@tillcast/core";
import { openBenchInstallation } from "./support/bench-installation.ts";
import { cpuBetween, cpuTime } from "./support/cpu-time.ts";
import { appendSnapshots, runProcessor } from "./support/processor-child.ts";
import { snapshotLoad } from "./support/snapshots.ts";

const load = { stores: 50, editShare: 0.1, duplicateShare: 0.05, lateShare: 0.03, days: 7 };
/** Orders made at a time; the load's own memory stays small so. */
const chunkOrders = 50_000;
const measuredOrders = 100_000;
/** History is settled as it comes, a part at a time. */
const partOrders = 1_000_000;

/**
 * Whether the processor's rate holds as history grows: the same work on top of more and more settled
 * orders. `--history=50000,500000` names the heights.
 */
export default async function benchProcessorHistory(
  scope: Scope,
): Promise<Record<string, unknown>> {
  const heights = (/--history=([\d,]+)/.exec(process.argv.join(" "))?.[1] ?? "50000,500000")
    .split(",")
    .map(Number);
  const installation = await openBenchInstallation(scope);
  const { eventLog, pids } = installation;
  const figures: Record<string, unknown> = {};
  const rates: number[] = [];
  const costs: number[] = [];
  let height = 0;
  const settle = async (orders: number) => {
    let snapshots = 0;
    for (const end = height + orders; height < end; height += chunkOrders) {
      const chunk = { ...load, orders: Math.min(chunkOrders, end - height), firstOrder: height };
      const made = snapshotLoad(chunk);
      snapshots += made.length;
      await appendSnapshots(eventLog, made);
    }
    const before = cpuTime(pids);
    const { seconds, nodeCpuSeconds } = await runProcessor(installation);
    const { database, broker } = cpuBetween(before, cpuTime(pids));
    return {
      rate: snapshots / seconds,
      cpu: ((nodeCpuSeconds + (database ?? 0) + (broker ?? 0)) / snapshots) * 1e5,
    };
  };
  for (const wanted of heights) {
    while (height < wanted) await settle(Math.min(partOrders, wanted - height));
    const at = `upon ${height} orders`;
    const { rate, cpu } = await settle(measuredOrders);
    rates.push(rate);
    costs.push(cpu);
    figures[`${at}, orders a second`] = Math.round(rate);
    figures[`${at}, CPU seconds per 100,000`] = cpu.toFixed(2);
  }
  figures["last rate to first"] = ((rates.at(-1) ?? 0) / (rates[0] ?? 1)).toFixed(2);
  // Steadier than the rate on a machine that others use too.
  figures["last CPU to first"] = ((costs.at(-1) ?? 0) / (costs[0] ?? 1)).toFixed(2);
  return figures;
}
