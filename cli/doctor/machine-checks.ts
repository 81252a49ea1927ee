import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { tzdataVersion } from "@tillcast/schemas";
import { type Check, failed, notice, ok } from "./check.ts";

const nodeMajor = 24;
const gigabyte = 1e9;
/** PostgreSQL needs room to recover in. */
const diskMinBytes = 0.5 * gigabyte;
const diskLowBytes = 5 * gigabyte;

/** The Node and the time zones that everything runs with. */
export function checkRuntime(): Check[] {
  const { node } = process.versions;
  const isPinned = Number(node.split(".")[0]) === nodeMajor;
  const tzdata = tzdataVersion();
  return [
    isPinned
      ? ok("node", `version ${node}`)
      : failed("node", `version ${node}; run npx tillcast, which starts Node ${nodeMajor}`),
    tzdata === "unknown"
      ? failed("time zones", "this Node carries no time zone data")
      : ok("time zones", `tzdata ${tzdata}`),
  ];
}

/** Room where the data lie, or will lie. */
export async function checkDisk(dataDir: string): Promise<Check> {
  const { bavail, bsize } = await statfsOfNearest(resolve(dataDir));
  const free = bavail * bsize;
  const detail = `${(free / gigabyte).toFixed(1)} GB free`;
  if (free < diskMinBytes) return failed("disk space", `${detail}; make room`);
  return free < diskLowBytes ? notice("disk space", detail) : ok("disk space", detail);
}

async function statfsOfNearest(path: string): Promise<{ bavail: number; bsize: number }> {
  try {
    return await statfs(path);
  } catch (error) {
    if (dirname(path) === path) throw error;
    return statfsOfNearest(dirname(path));
  }
}
