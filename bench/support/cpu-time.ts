import { readdirSync, readFileSync } from "node:fs";
import { cpuUsage } from "node:process";

/** Processor time in seconds, of this process and of the database server with all its backends. */
export interface CpuTime {
  readonly node: number;
  /** Null where the system has no /proc. */
  readonly database: number | null;
}

/** Ticks a second of /proc/PID/stat on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Processor time used so far. `postmasterPid` names the server's first process. */
export function cpuTime(postmasterPid: number): CpuTime {
  const { user, system } = cpuUsage();
  return { node: (user + system) / 1e6, database: databaseSeconds(postmasterPid) };
}

/** What was used between two readings, in seconds, rounded to hundredths. */
export function cpuBetween(before: CpuTime, after: CpuTime): CpuTime {
  const hundredths = (seconds: number) => Math.round(seconds * 100) / 100;
  return {
    node: hundredths(after.node - before.node),
    database:
      after.database === null || before.database === null
        ? null
        : hundredths(after.database - before.database),
  };
}

function databaseSeconds(postmasterPid: number): number | null {
  try {
    let ticks = 0;
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const stat = statOf(name);
      if (stat === null) continue;
      if (Number(name) === postmasterPid) ticks += stat.own + stat.ofEndedChildren;
      else if (stat.parent === postmasterPid) ticks += stat.own;
    }
    return ticks / ticksPerSecond;
  } catch {
    return null;
  }
}

function statOf(pid: string) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold blanks; what follows it is counted from its end.
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [parent = 0, own1 = 0, own2 = 0, ended1 = 0, ended2 = 0] = [1, 11, 12, 13, 14].map(
      (at) => fields[at],
    );
    return { parent, own: own1 + own2, ofEndedChildren: ended1 + ended2 };
  } catch {
    // The process ended while it was looked at.
    return null;
  }
}
