import { readdirSync, readFileSync } from "node:fs";
import { cpuUsage } from "node:process";

/** The first process of each server whose time is counted. */
export interface ServerPids {
  readonly database: number;
  /** Absent where the event log lies in the database. */
  readonly broker?: number | undefined;
}

/** Processor time in seconds, of this process and of the servers with all of their children. */
export interface CpuTime {
  readonly node: number;
  /** Null where the system has no /proc. */
  readonly database: number | null;
  readonly broker: number | null;
}

/** Ticks a second of /proc/PID/stat on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Processor time used so far. */
export function cpuTime({ database, broker }: ServerPids): CpuTime {
  const { user, system } = cpuUsage();
  return {
    node: (user + system) / 1e6,
    database: treeSeconds(database),
    broker: broker === undefined ? 0 : treeSeconds(broker),
  };
}

/** What was used between two readings, in seconds, rounded to hundredths. */
export function cpuBetween(before: CpuTime, after: CpuTime): CpuTime {
  const between = (from: number | null, to: number | null) =>
    from === null || to === null ? null : Math.round((to - from) * 100) / 100;
  return {
    node: between(before.node, after.node) ?? 0,
    database: between(before.database, after.database),
    broker: between(before.broker, after.broker),
  };
}

/** Processor time of a process, its descendants, and those of them that ended; null where it is not known. */
export function treeSeconds(pid: number): number | null {
  try {
    const stats = new Map<number, ProcessStat>();
    for (const name of readdirSync("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const stat = statOf(name);
      if (stat !== null) stats.set(Number(name), stat);
    }
    const children = Map.groupBy(stats, ([, { parent }]) => parent);
    const ticksOf = (root: number): number =>
      (stats.get(root)?.ticks ?? 0) +
      (children.get(root) ?? []).reduce((sum, [child]) => sum + ticksOf(child), 0);
    return ticksOf(pid) / ticksPerSecond;
  } catch {
    return null;
  }
}

interface ProcessStat {
  readonly parent: number;
  /** Its own, and those of its children that ended. */
  readonly ticks: number;
}

function statOf(pid: string): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold blanks; what follows it is counted from its end.
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const [parent = 0, ...ticks] = [1, 11, 12, 13, 14].map((at) => fields[at] ?? 0);
    return { parent, ticks: ticks.reduce((sum, value) => sum + value, 0) };
  } catch {
    // The process ended while it was looked at.
    return null;
  }
}
