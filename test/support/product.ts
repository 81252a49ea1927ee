import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { waitUntil } from "./processes.ts";

/** Whom the product runs as. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

export interface ProductOptions {
  /** The folder with the product's package.json. */
  readonly folder: string;
  readonly port: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly runAs?: RunAs | undefined;
  readonly readyTimeoutMs?: number;
}

/** The product as `npm start` runs it. */
export interface Product {
  readonly url: string;
  /** npm's process id. */
  readonly pid: number;
  /** From `npm start` to the first good answer of `/readyz`. */
  readonly readyMs: number;
  /** What it has written so far. */
  output(): string;
  /** Sends a signal to npm and answers when npm has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

/** Starts the product and waits until `/readyz` says so. */
export async function startProduct(options: ProductOptions): Promise<Product> {
  const { folder, port, readyTimeoutMs = 120_000 } = options;
  const url = `http://127.0.0.1:${port}`;
  const child = run("npm", ["start"], {
    ...options,
    env: { OPERATIONS_PORT: "0", ...options.env, PORT: String(port) },
  });
  let isOver = false;
  const over = new Promise<void>((resolve) => {
    child.process.once("exit", () => {
      isOver = true;
      resolve();
    });
  });
  const readyMs = await waitUntil(
    `${url}/readyz answers`,
    async () => {
      if (isOver) throw new Error(`npm start in ${folder} ended early:\n${child.output()}`);
      return isReady(url);
    },
    readyTimeoutMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${child.output()}`);
  });
  return {
    url,
    pid: child.process.pid ?? 0,
    readyMs,
    output: child.output,
    async end(signal) {
      child.process.kill(signal);
      await over;
    },
  };
}

/** Runs a command to its end; throws with its output when it fails. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: Pick<ProductOptions, "folder" | "env" | "runAs">,
  input = "",
): Promise<string> {
  const child = run(command, args, options);
  child.process.stdin?.end(input);
  const code = await new Promise<number | null>((resolve) => child.process.once("close", resolve));
  if (code !== 0) {
    throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${child.output()}`);
  }
  return child.output();
}

/**
 * Ports below those that systems give to outgoing connections (Linux: from 32,768 on): a server that comes
 * back to one of the latter may find that a connection has taken it meanwhile.
 */
const ports = { from: 20_000, to: 32_000 };
const portTriesMax = 100;

/** A port that nobody listens on, and that stays free while its server is down. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < portTriesMax; tries += 1) {
    const port = randomInt(ports.from, ports.to);
    if (await canListen(port)) return port;
  }
  throw new Error("no port to be had");
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

interface Running {
  readonly process: ChildProcess;
  output(): string;
}

function run(
  command: string,
  args: readonly string[],
  { folder, env, runAs }: Pick<ProductOptions, "folder" | "env" | "runAs">,
): Running {
  const written: string[] = [];
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...cleanEnvironment(), ...(runAs && { HOME: runAs.home }), ...env },
    stdio: ["pipe", "pipe", "pipe"],
    ...(runAs && { uid: runAs.uid, gid: runAs.gid }),
  });
  child.stdout.on("data", (data: Buffer) => written.push(data.toString()));
  child.stderr.on("data", (data: Buffer) => written.push(data.toString()));
  return { process: child, output: () => written.join("") };
}

/** The environment of someone who has just opened a terminal: nothing of npm's or of the test runner's. */
function cleanEnvironment(): Record<string, string | undefined> {
  const path = (process.env.PATH ?? "").split(":").filter((part) => !part.includes("node_modules"));
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|VITEST|NODE_ENV$|NODE_OPTIONS$|INIT_CWD$|TEST|DEV$|PROD$|MODE$)/.test(name),
  );
  return { ...Object.fromEntries(kept), PATH: path.join(":") };
}
