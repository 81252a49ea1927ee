import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Identifies a process by number and start time, because numbers are reused. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, as the operating system tells it; empty if unknown. */
  readonly startedAt: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startedAt: "" };
}

/** The running process with this number; undefined if there is none. A zombie does not count. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  if (!exists(pid)) return undefined;
  if (process.platform === "linux") return linuxIdentity(pid);
  try {
    const startedAt = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
    });
    return { pid, startedAt: startedAt.trim() };
  } catch {
    return { pid, startedAt: "" };
  }
}

/** True while exactly this process runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  const present = identityOf(identity.pid);
  if (present === undefined) return false;
  if (present.startedAt === "" || identity.startedAt === "") return true;
  return present.startedAt === identity.startedAt;
}

/** Signal 0 only checks. EPERM means that the process runs and is not ours. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Field 22 of `stat` is the start in clock ticks since boot. The boot id distinguishes boots. */
function linuxIdentity(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may contain spaces, so fields are counted after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return { pid, startedAt: `${boot}/${fields[19]}` };
  } catch (error) {
    const gone = ["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "");
    return gone ? undefined : { pid, startedAt: "" };
  }
}
