import type { Scope } from "@tillcast/core";
import { makeExpectedRollup } from "./peers/expected-rollup.ts";
import { type CaughtUp, catchUp, end, type Ground, liveDelay, recovery } from "./peers/measure.ts";
import { oneRollupPeer } from "./peers/one-rollup-peer.ts";
import type { Peer } from "./peers/peer.ts";
import { makeRollupReader, openReader } from "./peers/peer-rollup.ts";
import { perMessagePeer } from "./peers/per-message-peer.ts";
import { buildStreamsPeer, streamsPeer } from "./peers/streams-peer.ts";
import { tillcastPeer } from "./peers/tillcast-peer.ts";
import { openBenchInstallation } from "./support/bench-installation.ts";
import { percentile } from "./support/percentile.ts";
import { appendSnapshots } from "./support/processor-child.ts";
import { snapshotLoad, storeIdOf } from "./support/snapshots.ts";
import { askedNumber } from "./support/world.ts";

const load = { stores: 50, editShare: 0.1, duplicateShare: 0.05, lateShare: 0.03, days: 7 };
const rates = [500, 2_000];
const seconds = 15;
/** One transaction a message takes minutes for what the others do in seconds. */
const perMessageShare = 0.05;
/** Orders made at a time; the load's own memory stays small so. */
const chunkOrders = 50_000;

/**
 * The same topic and the same database server for the product, for Kafka Streams, and for the consumer
 * that a team would write first. Each round has servers of its own, and each peer's rollup is held against
 * an independent computation. Always on Kafka; `--orders=N`, `--rounds=N`.
 */
export default async function benchPeers(scope: Scope): Promise<Record<string, unknown>> {
  const orders = askedNumber("orders", 500_000);
  const rounds = askedNumber("rounds", 3);
  buildStreamsPeer();
  const measured = new Map<string, Measured[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, figures] of await runRound(scope.child(), orders, round)) {
      measured.set(name, [...(measured.get(name) ?? []), figures]);
    }
  }
  return figuresOf(measured);
}

interface Measured extends CaughtUp {
  readonly delays: ReadonlyMap<number, string>;
  readonly recovery: string;
}

async function runRound(
  scope: Scope,
  orders: number,
  round: number,
): Promise<Map<string, Measured>> {
  try {
    const installation = await openBenchInstallation(scope, "stack");
    const { client, pid } = await openReader(installation.url);
    scope.defer(() => client.end());
    const ground: Ground = {
      installation,
      stores: load.stores,
      expected: makeExpectedRollup(),
      readerPid: pid,
    };
    const storeIds = Array.from({ length: load.stores }, (_, store) => storeIdOf(store));
    const live = { fromMs: Date.now() - 3_600_000, storeIds };
    let firstOrder = 0;
    const append = async (end: number) => {
      while (firstOrder < end) {
        const part = Math.min(chunkOrders, end - firstOrder);
        // All chunks together span the load's days.
        const days = (load.days * part) / orders;
        const chunk = { ...load, orders: part, days, firstOrder };
        const snapshots = snapshotLoad(chunk);
        await appendSnapshots(installation.eventLog, snapshots);
        ground.expected.add(snapshots);
        firstOrder += chunk.orders;
      }
    };
    const found = new Map<string, Measured>();
    const measure = async (peer: Peer) => {
      await peer.reset(client);
      const reader = makeRollupReader(client, peer.rollup, live);
      const { running, result } = await catchUp(ground, peer, reader);
      const delays = new Map<number, string>();
      for (const ordersPerSecond of rates) {
        const keepsUp = result.records / result.seconds > ordersPerSecond;
        const delay = keepsUp
          ? await liveDelay(ground, running, { ordersPerSecond, seconds })
          : "does not keep up";
        delays.set(ordersPerSecond, delay);
      }
      const recovered = await recovery(ground, running);
      await end(running);
      found.set(peer.name, { ...result, delays, recovery: recovered });
      print(peer.name, result);
    };
    await append(Math.round(orders * perMessageShare));
    await measure(perMessagePeer);
    await append(orders);
    const others = [streamsPeer, oneRollupPeer, tillcastPeer];
    // Each round begins with another one.
    for (const at of others.keys()) await measure(others[(at + round) % others.length] as Peer);
    return found;
  } finally {
    await scope.close();
  }
}

const median = (values: readonly number[]): number => percentile(values, 0.5);
const cpuOf = ({ client, broker, database }: CaughtUp): number => client + broker + database;

function print(name: string, result: CaughtUp): void {
  process.stdout.write(
    `  ${name}: ${(result.records / result.seconds).toFixed(0)}/s, ${cpuOf(result).toFixed(1)} CPU-s for ${result.records}\n`,
  );
}

function figuresOf(measured: ReadonlyMap<string, readonly Measured[]>): Record<string, unknown> {
  const figures: Record<string, unknown> = {};
  for (const [name, runs] of measured) {
    const per100k = (pick: (run: Measured) => number) =>
      median(runs.map((run) => (pick(run) / run.records) * 1e5)).toFixed(2);
    figures[`${name}: orders a second`] = median(
      runs.map((run) => Math.round(run.records / run.seconds)),
    );
    figures[`${name}: CPU-s per 100,000`] =
      `${per100k(cpuOf)} (client ${per100k((run) => run.client)}, broker ${per100k((run) => run.broker)}, database ${per100k((run) => run.database)})`;
    figures[`${name}: memory, MB`] = median(runs.map(({ memoryMb }) => memoryMb));
    for (const rate of rates) {
      const delays = runs.map(({ delays: ofRun }) => ofRun.get(rate) ?? "");
      figures[`${name}: visible at ${rate}/s, p50 / p99 ms`] = delays.join("; ");
    }
    figures[`${name}: first result after SIGKILL, s`] = runs.map((run) => run.recovery).join("; ");
    figures[`${name}: rows unlike the independent sum`] = runs
      .map((run) => run.rowsThatDiffer)
      .join("; ");
  }
  for (const peer of [oneRollupPeer.name, tillcastPeer.name]) {
    const [ours, theirs] = [measured.get(peer) ?? [], measured.get(streamsPeer.name) ?? []];
    const ratio = (pick: (run: Measured) => number) =>
      median(ours.map((run, at) => pick(run) / pick(theirs[at] ?? run))).toFixed(2);
    figures[`${peer} to Kafka Streams: rate`] = ratio((run) => run.records / run.seconds);
    figures[`${peer} to Kafka Streams: CPU`] = ratio((run) => cpuOf(run) / run.records);
  }
  return figures;
}
