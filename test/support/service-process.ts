import type { ChildProcess } from "node:child_process";
import { isReady, runCli, type TreeOptions } from "./process-tree.ts";
import { waitUntil } from "./processes.ts";
import { freePort } from "./product.ts";

/** One process that runs `tillcast NAME`. */
export interface ServiceProcess {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has written so far. */
  output(): string;
  /** Sends SIGTERM, and answers the exit code. */
  stop(): Promise<number | null>;
  /** Ends it with no warning. */
  kill(): Promise<void>;
}

export interface ServiceOptions {
  /** The folder of the sources; this tree's when absent. */
  readonly folder?: string;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string>>;
  /** A free one when absent. */
  readonly port?: number;
}

/** A machine that is busy with everything else takes its time. */
const readyMaxMs = 180_000;

/** Starts one service (or `start`, with all of them) and waits until it says that it is ready. */
export async function startServiceProcess(
  name: string,
  options: ServiceOptions,
): Promise<ServiceProcess> {
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const tree: TreeOptions & { folder?: string } = { ...options, port };
  const { child, output } = runCli([name], tree);
  const over = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return over;
  };
  try {
    await waitUntil(
      `${name} at ${url} is ready`,
      () => {
        if (child.exitCode !== null) throw new Error(`tillcast ${name} ended early`);
        return isReady(url);
      },
      readyMaxMs,
    );
  } catch (error) {
    await end("SIGKILL");
    throw new Error(`${String(error)}\n${output()}`);
  }
  return {
    name,
    port,
    url,
    child,
    output,
    stop: () => end("SIGTERM"),
    async kill() {
      await end("SIGKILL");
    },
  };
}
