import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "../../support/processes.ts";

/** The services that a run has as processes of their own. */
export const serviceKinds = ["ingest", "process", "gateway"] as const;
export type ServiceKind = (typeof serviceKinds)[number];

/** One service as a real process, started again whenever it ends, as an orchestrator does. */
export interface Service {
  readonly kind: ServiceKind;
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** How often it was started. */
  readonly starts: number;
  /** What it has written so far, over all its lives. */
  output(): string;
  signal(signal: NodeJS.Signals): void;
  /** Ends it with no warning and starts it with another environment. */
  restartWith(env: Readonly<Record<string, string>>): Promise<void>;
  untilReady(): Promise<void>;
  /** Ends it in order, and for good. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly kind: ServiceKind;
  readonly name: string;
  /** The checkout whose code runs. */
  readonly root: string;
  /** Its own files, and where it leaves them. */
  readonly folder: string;
  readonly port: number;
  readonly env: Readonly<Record<string, string>>;
}

/** A busy machine starts several at once; a fault would last for ever. */
const readyMaxMs = 300_000;
const stopMaxMs = 15_000;
const startAgainMs = 200;
const outputMaxLength = 2_000_000;
const clockShift: string = join(import.meta.dirname, "shift-clock.ts");

/** Starts a service; `untilReady` says when it is there. */
export function startService(options: ServiceOptions): Service {
  const { kind, name, port } = options;
  mkdirSync(options.folder, { recursive: true });
  let env = options.env;
  let output = "";
  let starts = 0;
  let isWanted = true;
  let child = launch();

  function launch(): ChildProcess {
    starts += 1;
    const flags = ["--max-semi-space-size=16", "--import", clockShift];
    const service = [process.execPath, ...flags, "cli/main.ts", kind];
    // The kernel ends it with this process, however that ends.
    const started = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...service], {
      cwd: options.root,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TILLCAST_DATA_DIR: options.folder,
        PORT: String(port),
        OPERATIONS_PORT: "0",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (data: Buffer) => {
      output = (output + data.toString()).slice(-outputMaxLength);
    };
    started.stdout.on("data", keep);
    started.stderr.on("data", keep);
    started.once("exit", () => {
      if (!isWanted) return;
      setTimeout(() => {
        if (isWanted) child = launch();
      }, startAgainMs);
    });
    return started;
  }

  const isReady = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
      signal: AbortSignal.timeout(2_000),
    }).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok === true;
  };

  async function untilReady(): Promise<void> {
    await waitUntil(`${name} is ready`, isReady, readyMaxMs).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${output.slice(-5_000)}`);
    });
  }

  return {
    kind,
    name,
    port,
    get pid() {
      return child.pid ?? 0;
    },
    get starts() {
      return starts;
    },
    output: () => output,
    signal: (signal) => {
      child.kill(signal);
    },
    async restartWith(changed) {
      env = { ...options.env, ...changed };
      const before = starts;
      child.kill("SIGKILL");
      await waitUntil(`${name} is started again`, () => starts > before, readyMaxMs);
      await untilReady();
    },
    untilReady,
    async stop() {
      isWanted = false;
      const last = child;
      if (last.exitCode !== null || last.signalCode !== null) return;
      const over = new Promise((resolve) => last.once("exit", resolve));
      last.kill("SIGCONT");
      last.kill("SIGTERM");
      const tooLong = setTimeout(() => last.kill("SIGKILL"), stopMaxMs);
      await over;
      clearTimeout(tooLong);
    },
  };
}
