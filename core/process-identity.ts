import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process that a number alone cannot name, since numbers are used again. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the operating system's own words; empty when it cannot be known. */
  readonly startedAt: string;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid) ?? { pid: process.pid, startedAt: "" };
}

/** The living process of that number, or undefined when there is none (a zombie is none). */
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

/** True while that very process lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  const present = identityOf(identity.pid);
  if (present === undefined) return false;
  if (present.startedAt === "" || identity.startedAt === "") return true;
  return present.startedAt === identity.startedAt;
}

/** Signal 0 asks without doing; EPERM says that it lives and is not ours. */
function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Field 22 of `stat` is the start in clock ticks since boot; the boot's id tells boots apart. */
function linuxIdentity(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces, so fields are counted after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return { pid, startedAt: `${boot}/${fields[19]}` };
  } catch (error) {
    const gone = ["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "");
    return gone ? undefined : { pid, startedAt: "" };
  }
}
