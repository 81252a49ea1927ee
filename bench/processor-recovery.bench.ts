import type { ChildProcess } from "node:child_process";
import type { Scope } from "@tillcast/core";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import type { Pool } from "pg";
import { openBenchInstallation } from "./support/bench-installation.ts";
import { followWithProcessor } from "./support/processor-child.ts";
import { startSteadyOrders } from "./support/steady-orders.ts";

const load = { stores: 50, ordersPerSecond: 500, seconds: 60 };
const settleInMs = 3_000;
const pollMs = 10;
const giveUpMs = 30_000;

/** How soon orders settle again after a processor was killed with SIGKILL under 500 orders a second. */
export default async function benchProcessorRecovery(
  scope: Scope,
): Promise<Record<string, unknown>> {
  const installation = await openBenchInstallation(scope);
  const { database, eventLog } = installation;
  const children: ChildProcess[] = [];
  scope.defer(() => {
    for (const child of children) if (child.connected) child.disconnect();
  });
  const start = async () => {
    const child = await followWithProcessor(installation);
    children.push(child);
    return child;
  };
  const first = await start();
  const orders = startSteadyOrders(eventLog, { ...load, firstOrder: 0 });
  scope.defer(() => orders.stop());
  await pause(settleInMs);

  const restarted = untilMoving(database.service);
  first.kill("SIGKILL");
  const second = await start();
  const afterRestart = await restarted;

  await start();
  await pause(settleInMs);
  const takenOver = untilMoving(database.service);
  second.kill("SIGKILL");
  const afterTakeOver = await takenOver;
  orders.stop();
  await orders.done;
  return {
    "killed and started again, first result after s": afterRestart.first,
    "killed and started again, all partitions after s": afterRestart.all,
    "killed beside a second one, all partitions after s": afterTakeOver.all,
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Seconds from now until one partition, and until every partition, has settled something new. */
async function untilMoving(pool: Pool): Promise<{ first: string; all: string }> {
  const startedAt = performance.now();
  // What was under way at the kill may still commit in this time.
  await pause(pollMs * 5);
  const before = await positions(pool);
  let first: number | undefined;
  for (;;) {
    const seconds = (performance.now() - startedAt) / 1_000;
    const now = await positions(pool);
    const moved = [...before].filter(([partition, at]) => (now.get(partition) ?? at) > at).length;
    if (moved > 0) first ??= seconds;
    if (moved === before.size || seconds * 1_000 > giveUpMs) {
      const all = moved === before.size ? seconds.toFixed(2) : `more than ${giveUpMs / 1_000}`;
      return { first: first?.toFixed(2) ?? all, all };
    }
    await pause(pollMs);
  }
}

async function positions(pool: Pool): Promise<Map<number, bigint>> {
  const { rows } = await pool.query<{ partition: number; position: string }>({
    name: "bench-positions",
    text: "select partition, position from checkpoint where group_name = $1 and topic = $2",
    values: [LEDGER_GROUP, topics.orders.topic],
  });
  return new Map(rows.map((row) => [row.partition, BigInt(row.position)]));
}
