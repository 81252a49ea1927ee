/**
 * Fail points: named places where a fault run kills, stops, delays or fails this process at an exact moment. Without
 * `TILLCAST_FAIL_POINTS` they do nothing.
 *
 * The variable names a folder. A file with the name of a fail point contains the action. The first process that reaches
 * the fail point removes the file and performs the action.
 */

import { appendFileSync, existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "./config.ts";

/** All fail points. The step in the name has happened; the code after it has not. */
export const failPointNames = [
  "ingest.beforeAppend",
  "ingest.afterAppend",
  "park.afterStore",
  "release.afterAppend",
  "ledger.midBatch",
  "ledger.beforeCommit",
  "ledger.afterCommit",
  "log.afterSetAside",
] as const;
export type FailPointName = (typeof failPointNames)[number];

/** The actions: `kill` and `stop` send signals, `wait` pauses, `fail` throws. */
export const failPointActions = ["kill", "stop", "wait", "fail"] as const;
export type FailPointAction = (typeof failPointActions)[number];

/** A line of the folder's journal. */
export interface FailPointEvent {
  readonly name: FailPointName;
  readonly action: FailPointAction;
  readonly pid: number;
}

/** The file in the folder with one JSON line per action. */
export const failPointJournal = "journal";

const waitMs = 1_500;

const folder = failPointFolder(process.env);

/** Marks a fail point: `await failPoint("ledger.midBatch")`. */
export function failPoint(name: FailPointName): Promise<void> | undefined {
  return folder === undefined ? undefined : reach(folder, name);
}

/** The folder of actions; undefined in production. */
export function failPointFolder(env: Environment): string | undefined {
  if (env.NODE_ENV === "production" || env.TILLCAST_FAIL_POINTS === "") return undefined;
  return env.TILLCAST_FAIL_POINTS;
}

/** Performs the action for a fail point once. */
export async function reach(from: string, name: FailPointName): Promise<void> {
  const action = takeAction(from, name);
  if (action === undefined) return;
  const event: FailPointEvent = { name, action, pid: process.pid };
  appendFileSync(join(from, failPointJournal), `${JSON.stringify(event)}\n`);
  if (action === "fail") throw new Error(`failed on purpose at ${name}`);
  if (action === "kill") process.kill(process.pid, "SIGKILL");
  if (action === "stop") process.kill(process.pid, "SIGSTOP");
  if (action === "wait") await new Promise((resolve) => setTimeout(resolve, waitMs));
}

function takeAction(from: string, name: FailPointName): FailPointAction | undefined {
  const path = join(from, name);
  if (!existsSync(path)) return undefined;
  const taken = `${path}.taken-by-${process.pid}`;
  try {
    renameSync(path, taken);
  } catch {
    // Another process has taken the file.
    return undefined;
  }
  const written = readFileSync(taken, "utf8").trim();
  return failPointActions.find((action) => action === written);
}
