import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A running process, as `/proc` shows it. */
export interface RunningProcess {
  readonly pid: number;
  /** The program and its arguments; PostgreSQL's helpers write their role there. */
  readonly command: string;
}

/**
 * Processes that work inside a folder or have it in their command line: npm, node and PostgreSQL of a
 * product that was started there. Their environment would not do, since PostgreSQL overwrites its own.
 */
export function processesIn(folder: string): RunningProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = commandOf(name);
      const belongs = isInside(workingDirectoryOf(name), folder) || command.includes(folder);
      return command !== "" && belongs ? [{ pid: Number(name), command }] : [];
    });
}

/** Sends SIGKILL to processes; those that are gone already are no fault. */
export function killAll(processes: readonly RunningProcess[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

/** Waits until a condition holds, and answers how long that took; throws with what it was waiting for. */
export async function waitUntil(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<number> {
  const from = performance.now();
  while (!(await condition())) {
    if (performance.now() - from > timeoutMs) {
      throw new Error(`${what}: not within ${timeoutMs / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return performance.now() - from;
}

/** Empty for a zombie and for what ended meanwhile. */
function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}

function workingDirectoryOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
