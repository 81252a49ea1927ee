import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../house/sources.ts";
import { killAll, processesIn, type RunningProcess, waitUntil } from "./processes.ts";

/** The product as `tillcast start` runs it on a data folder of a test. */
export interface ProcessTree {
  readonly url: string;
  /** From the start to the first good answer of `/readyz`. */
  readonly readyMs: number;
  /** What it has written so far. */
  output(): string;
  /** Resolves when `/readyz` says so. */
  untilReady(): Promise<number>;
  /** Ends Node with no warning; its PostgreSQL goes on as an orphan. */
  killNode(): Promise<void>;
  /** Ends PostgreSQL with no warning, all of it; Node goes on. */
  killDatabase(): void;
  /** Ends Node and PostgreSQL at the same moment. */
  killAll(): Promise<void>;
  /** Asks Node to stop everything, and answers its exit code. */
  stop(): Promise<number | null>;
}

export interface TreeOptions {
  readonly dataDir: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** A crashed database first replays its own log. */
const readyMaxMs = 120_000;
const goneMaxMs = 30_000;

/** Starts the product, and waits until it says that it is ready. */
export async function startProcessTree(options: TreeOptions): Promise<ProcessTree> {
  const { dataDir, port } = options;
  const url = `http://127.0.0.1:${port}`;
  const { child, output } = runCli(["start"], options);
  const over = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const untilReady = () =>
    waitUntil(
      `${url}/readyz answers`,
      async () => {
        if (child.exitCode !== null) throw new Error("tillcast start ended early");
        return isReady(url);
      },
      readyMaxMs,
    );
  const readyMs = await untilReady().catch((error: unknown) => {
    child.kill("SIGKILL");
    throw new Error(`${String(error)}\n${output()}`);
  });
  return {
    url,
    readyMs,
    output,
    untilReady,
    async killNode() {
      child.kill("SIGKILL");
      await over;
    },
    killDatabase: () => killAll(databaseOf(dataDir)),
    async killAll() {
      const database = databaseOf(dataDir);
      child.kill("SIGKILL");
      killAll(database);
      await over;
      await waitUntil("the database is gone", () => databaseOf(dataDir).length === 0, goneMaxMs);
    },
    stop() {
      child.kill("SIGTERM");
      return over;
    },
  };
}

/** PostgreSQL's processes on a data folder. */
export function databaseOf(dataDir: string): RunningProcess[] {
  return processesIn(dataDir).filter(({ command }) => command.includes("postgres"));
}

/** Runs one command with `--json` on the data folder, and answers what it answers. */
export async function runCommand<Result>(
  args: readonly string[],
  options: TreeOptions,
): Promise<Result & { readonly exitCode: number | null }> {
  const { child, output, answered } = runCli([...args, "--json"], options);
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const line = answered().trimEnd().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`tillcast ${args.join(" ")}:\n${output()}`);
  return { ...(JSON.parse(line) as Result), exitCode };
}

/** The database's address as its owner, as the running product wrote it down. */
export async function ownerUrlOf(dataDir: string): Promise<string> {
  const file = JSON.parse(await readFile(join(dataDir, "server.json"), "utf8")) as { url: string };
  return file.url;
}

/** Starts the product's command on a data folder, from this tree's sources or from another's. */
export function runCli(
  args: readonly string[],
  { dataDir, port, env, folder = root }: TreeOptions & { readonly folder?: string },
): { child: ChildProcess; output(): string; answered(): string } {
  const child = spawn(process.execPath, ["cli/main.ts", ...args], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TILLCAST_DATA_DIR: dataDir,
      TILLCAST_DEMO: "off",
      FORECAST_TRAINING: "off",
      PORT: String(port),
      OPERATIONS_PORT: "0",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written: string[] = [];
  const answers: string[] = [];
  child.stdout.on("data", (data: Buffer) => {
    written.push(data.toString());
    answers.push(data.toString());
  });
  child.stderr.on("data", (data: Buffer) => written.push(data.toString()));
  return { child, output: () => written.join(""), answered: () => answers.join("") };
}

/** Whether `/readyz` of a process says so. */
export async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}
