import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { silentLogger } from "@tillcast/core";
import { connectOrStart } from "@tillcast/core/database";

const bin = fileURLToPath(new URL("../bin.js", import.meta.url));

/** What a command left behind. */
export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of standard output, which is JSON where `--json` was given. */
  // biome-ignore lint/suspicious/noExplicitAny: a script reads it without types too.
  readonly json: any;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface ServeOptions {
  /** Default `start`. */
  readonly command?: string;
  readonly nodeOptions?: readonly string[];
  readonly env?: Environment;
}

/** A server that listens. */
export interface Served {
  readonly child: ChildProcess;
  readonly address: string;
  readonly metricsAddress: string;
}

/** The command on one data folder of its own. */
export interface Cli {
  readonly dataDir: string;
  /** Runs a command to its end, with some standard input and some settings of its own. */
  run(args: readonly string[], input?: string, env?: Environment): Promise<Finished>;
  /** Starts a server, or one service of it, and answers its address once it listens. */
  serve(options?: ServeOptions): Promise<Served>;
  /** Ends what still runs and removes the folder. */
  close(): Promise<void>;
}

/** Makes an empty data folder, and runs the real command on it as a newcomer's shell would. */
export async function openCli(): Promise<Cli> {
  const dataDir = await mkdtemp(join(tmpdir(), "tillcast-cli-"));
  const children = new Set<ChildProcess>();
  const ownSettings = {
    TILLCAST_DATA_DIR: dataDir,
    TILLCAST_DEMO: "off",
    PORT: "0",
    OPERATIONS_PORT: "0",
  };
  const start = (
    args: readonly string[],
    nodeOptions: readonly string[] = [],
    env: Environment = {},
  ) => {
    const child = spawn(process.execPath, [...nodeOptions, bin, ...args], {
      env: { ...plainEnvironment(), ...ownSettings, ...env },
    });
    children.add(child);
    child.once("exit", () => children.delete(child));
    return child;
  };
  return {
    dataDir,
    async run(args, input = "", env = {}) {
      const child = start(args, [], env);
      child.stdin.end(input);
      const [stdout, stderr, [exitCode]] = await Promise.all([
        text(child.stdout),
        text(child.stderr),
        once(child, "exit"),
      ]);
      const last = stdout.trimEnd().split("\n").at(-1) ?? "";
      return { exitCode, stdout, stderr, json: last.startsWith("{") ? JSON.parse(last) : last };
    },
    async serve({ command = "start", nodeOptions = [], env = {} } = {}) {
      const child = start([command], nodeOptions, env);
      child.stderr.pipe(process.stderr, { end: false });
      let metricsAddress = "";
      for await (const line of createInterface(child.stdout)) {
        metricsAddress = /^Metrics at (\S+)$/.exec(line)?.[1] ?? metricsAddress;
        const address = /^Tillcast.* listens on (\S+)$/.exec(line)?.[1];
        if (address !== undefined) return { child, address, metricsAddress };
      }
      throw new Error("the server ended before it listened");
    },
    async close() {
      for (const child of children) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
      // Whoever comes last stops the database, also one that a killed process left behind.
      await (await connectOrStart({ dataDir, log: silentLogger })).stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** The environment without settings of whoever runs the tests. */
function plainEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "/", TMPDIR = tmpdir() } = process.env;
  return { PATH, HOME, TMPDIR };
}

/** Ends a process and answers its exit code. */
export async function endedBy(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, "exit");
  child.kill(signal);
  return (await exit)[0] as number | null;
}
