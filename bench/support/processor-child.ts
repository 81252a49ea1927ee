import { type ChildProcess, execFile, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { EventLog } from "@tillcast/event-log";
import { feedKeyOf, type OrderSnapshot, orderSnapshotCodec, topics } from "@tillcast/schemas";
import type { BenchServers } from "./start-servers.ts";

/** What settling everything in the log took. */
export interface ProcessorRun {
  readonly seconds: number;
  readonly nodeCpuSeconds: number;
  readonly memoryMb: number;
}

const runFile = fileURLToPath(new URL("./run-processor.ts", import.meta.url));
/** Far beyond any run; a processor that hangs ends the bench. */
const runTimeoutMs = 600_000;
const appendCount = 500;

/**
 * What the product is started with. Half of V8's own new space: the batches under way fit the processor's
 * cache better, and it takes 120 MB less.
 */
const productFlags = ["--max-semi-space-size=16"];

/** Where a child process finds the installation. */
type Servers = Pick<BenchServers, "url" | "env">;

/** Runs the processor in a process of its own, so that the load's garbage does not burden it. */
export async function runProcessor({ url, env }: Servers): Promise<ProcessorRun> {
  const flags = process.env.BENCH_NODE_FLAGS?.split(" ") ?? productFlags;
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, runFile, url], {
    env: { ...process.env, ...env },
    timeout: runTimeoutMs,
  });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

/** Starts a processor that settles whatever comes; answers when it has joined. */
export async function followWithProcessor(servers: Servers): Promise<ChildProcess> {
  const child = spawnProcessor(servers);
  await once(child, "message");
  return child;
}

/** As `followWithProcessor`, without waiting. */
export const spawnProcessor = (servers: Servers): ChildProcess =>
  spawnNode(runFile, servers, "follow");

/** Runs a file in a process of its own that ends with this one, with the product's flags. */
export const spawnNode = (file: string, { url, env }: Servers, ...args: string[]): ChildProcess =>
  fork(file, [url, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv: productFlags,
  });

/** Appends snapshots as ingest would: to the live topic, or to another one. */
export async function appendSnapshots(
  eventLog: EventLog,
  snapshots: readonly OrderSnapshot[],
  topic: string = topics.orders.topic,
): Promise<void> {
  for (let from = 0; from < snapshots.length; from += appendCount) {
    const records = snapshots.slice(from, from + appendCount).map((order) => ({
      key: feedKeyOf(order),
      value: orderSnapshotCodec.encode(order),
    }));
    await eventLog.append(topic, records);
  }
}
