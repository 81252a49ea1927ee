import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { BenchInstallation } from "../support/bench-installation.ts";
import { cpuBetween, cpuTime, treeSeconds } from "../support/cpu-time.ts";
import { p50p99 } from "../support/percentile.ts";
import { type SteadyOrders, startSteadyOrders } from "../support/steady-orders.ts";
import { watchVisible } from "../support/watch-visible.ts";
import { type ExpectedRollup, rowsThatDiffer, totalsOf } from "./expected-rollup.ts";
import type { Peer } from "./peer.ts";
import type { RollupReader } from "./peer-rollup.ts";

/** What a peer is measured on. */
export interface Ground {
  readonly installation: BenchInstallation;
  readonly stores: number;
  /** Of everything appended so far; what is appended while measuring is added. */
  readonly expected: ExpectedRollup;
  /** The bench's own session at the database. */
  readonly readerPid: number;
}

/** A peer's process. */
export interface Running {
  readonly peer: Peer;
  readonly reader: RollupReader;
  child: ChildProcess;
}

/** What working through the topic took. */
export interface CaughtUp {
  readonly records: number;
  readonly seconds: number;
  readonly client: number;
  readonly broker: number;
  readonly database: number;
  readonly memoryMb: number;
  readonly rowsThatDiffer: number;
}

const pollMs = 250;
const catchUpMaxMs = 1_200_000;
const killPollMs = 10;
const recoveryMaxMs = 120_000;
/** What was on its way when a process was killed has arrived by then. */
const afterKillMs = 500;

/** Starts a peer on an untouched rollup and measures until it has settled everything. */
export async function catchUp(ground: Ground, peer: Peer, reader: RollupReader) {
  const { installation, readerPid } = ground;
  const expected = ground.expected.rollup();
  const wanted = totalsOf(expected);
  const servers = cpuTime(installation.pids);
  const own = treeSeconds(readerPid) ?? 0;
  const startedAt = performance.now();
  const running: Running = { peer, reader, child: peer.start(installation) };
  while ((await reader.totals()) !== wanted) {
    if (performance.now() - startedAt > catchUpMaxMs || hasEnded(running.child)) {
      throw new Error(
        `${peer.name} did not settle everything: ${await reader.totals()}, not ${wanted}`,
      );
    }
    await pause(pollMs);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  const used = cpuBetween(servers, cpuTime(installation.pids));
  const result: CaughtUp = {
    records: ground.expected.records(),
    seconds,
    client: treeSeconds(running.child.pid ?? 0) ?? 0,
    broker: used.broker ?? 0,
    database: (used.database ?? 0) - ((treeSeconds(readerPid) ?? 0) - own),
    memoryMb: peakMemoryMb(running.child.pid),
    rowsThatDiffer: rowsThatDiffer(expected, await reader.rows()),
  };
  return { running, result };
}

/** Orders handed over at a rate until a reader of the rollup sees them, p50 / p99 in ms. */
export async function liveDelay(
  ground: Ground,
  { reader }: Running,
  load: { readonly ordersPerSecond: number; readonly seconds: number },
): Promise<string> {
  const before = await reader.live();
  const steady = steadyOrders(ground, load);
  const total = load.ordersPerSecond * load.seconds;
  const visible = () => reader.live();
  const { handed, seen } = await watchVisible(steady, { visible, before, total });
  ground.expected.add(steady.orders);
  return seen === total ? p50p99(handed) : `${p50p99(handed)}, only ${seen} of ${total} seen`;
}

/** Kills the peer with SIGKILL while orders come, starts it again; seconds until its rollup moves. */
export async function recovery(ground: Ground, running: Running): Promise<string> {
  const steady = steadyOrders(ground, { ordersPerSecond: 500, seconds: recoveryMaxMs / 1_000 });
  await pause(2_000);
  running.child.kill("SIGKILL");
  if (!hasEnded(running.child)) await once(running.child, "exit");
  await pause(afterKillMs);
  const before = await running.reader.totals();
  const startedAt = performance.now();
  running.child = running.peer.start(ground.installation);
  let now = before;
  while (now === before && performance.now() - startedAt < recoveryMaxMs) {
    await pause(killPollMs);
    now = await running.reader.totals();
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  steady.stop();
  await steady.done;
  ground.expected.add(steady.orders);
  return now === before ? `more than ${recoveryMaxMs / 1_000}` : seconds.toFixed(2);
}

/** Ends the peer's process at once. */
export async function end({ child }: Running): Promise<void> {
  if (hasEnded(child)) return;
  const over = once(child, "exit");
  child.kill("SIGKILL");
  await over;
}

function steadyOrders(
  { installation, stores, expected }: Ground,
  load: { readonly ordersPerSecond: number; readonly seconds: number },
): SteadyOrders {
  // Numbers beyond all that were used before.
  return startSteadyOrders(installation.eventLog, {
    stores,
    firstOrder: 10_000_000 + expected.records(),
    ...load,
  });
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

function peakMemoryMb(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1_024);
}
