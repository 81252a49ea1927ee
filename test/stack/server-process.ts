import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** A program that serves until it is stopped. */
export interface ServerProgram {
  /** Named in errors. */
  readonly name: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Asks it to end in order. */
  readonly stopSignal: NodeJS.Signals;
  readonly readyMaxMs: number;
  /** Looks once; a throw counts as no. */
  isReady(output: string): Promise<boolean>;
  /** Clears up when it has been stopped for good. */
  afterStop(): void;
}

/** A server of a test's own, which a test may treat badly. */
export interface ServerProcess {
  /** The present one's; a restart changes it. */
  readonly pid: number;
  /** Sends a signal; to all of its processes where they could not answer it, and then waits for an end. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Ends it in order, or by force when it takes too long. Safe to call twice. */
  stop(): Promise<void>;
  /** Stops it unless it has ended already, and starts it again at the same address. */
  restart(): Promise<void>;
}

const stopMaxMs = 30_000;
const pollMs = 50;
/** Its last words are shown when it does not start. */
const outputMaxChars = 20_000;

/** Signals that no process hears: a server's children must be sent them too. */
const unheard: readonly NodeJS.Signals[] = ["SIGKILL", "SIGSTOP", "SIGCONT"];

/** Starts a server and waits until it is ready. It ends with this process, however that one ends. */
export async function startServerProcess(program: ServerProgram): Promise<ServerProcess> {
  let running = await startReady(program);
  const end = async () => {
    signalTo(running, "SIGCONT");
    signalTo(running, program.stopSignal);
    await Promise.race([running.over, pause(stopMaxMs, undefined, { ref: false })]);
    await endByForce(running);
  };
  return {
    get pid() {
      return running.pid;
    },
    async kill(signal) {
      if (signal === "SIGKILL") await endByForce(running);
      else signalTo(running, signal);
    },
    async stop() {
      await end();
      program.afterStop();
    },
    async restart() {
      await end();
      running = await startReady(program);
    },
  };
}

interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly over: Promise<void>;
  output(): string;
}

async function startReady(program: ServerProgram): Promise<Running> {
  const running = start(program);
  const until = performance.now() + program.readyMaxMs;
  while (!(await program.isReady(running.output()).catch(() => false))) {
    const isOver = hasEnded(running.child);
    if (isOver || performance.now() > until) {
      await endByForce(running);
      const fault = isOver ? "ended early" : `was not ready within ${program.readyMaxMs / 1000} s`;
      throw new Error(`${program.name} ${fault}:\n${running.output()}`);
    }
    await pause(pollMs);
  }
  return running;
}

function start({ name, command, env }: ServerProgram): Running {
  // The kernel ends it with this process. A group of its own keeps a terminal's Ctrl-C away from it.
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...command], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  let output = "";
  const keep = (data: Buffer) => {
    output = (output + data.toString()).slice(-outputMaxChars);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  child.on("error", (error) => keep(Buffer.from(`${name}: ${error.message}`)));
  const over = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  return { child, pid: child.pid ?? 0, over, output: () => output };
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Ends a server and its children, which PostgreSQL puts in sessions of their own, and waits for that. */
async function endByForce(running: Running): Promise<void> {
  if (hasEnded(running.child)) return;
  const children = childrenOf(running.pid);
  signalTo(running, "SIGKILL");
  await running.over;
  while (children.some(isAlive)) await pause(pollMs);
}

function signalTo({ child, pid }: Running, signal: NodeJS.Signals): void {
  if (hasEnded(child)) return;
  const others = unheard.includes(signal) ? childrenOf(pid) : [];
  // Its children last: it would start new ones in their place.
  for (const each of [pid, ...others]) {
    try {
      process.kill(each, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

function childrenOf(pid: number): number[] {
  try {
    const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return listed.split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** A zombie counts as ended. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
