/**
 * Named places at which a fault run lets this process die, stop, wait or fail, so that a fault meets the
 * moment that it is meant for. Without `TILLCAST_FAIL_POINTS` nothing here does anything.
 *
 * The variable names a folder. A file in it that is called like a fail point holds what is to happen; the
 * first process that reaches the place takes the file away and does so.
 */

import { appendFileSync, existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "./config.ts";

/** Every fail point. What a name says has happened; what follows it in the code has not. */
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

/** What can happen at a fail point: `kill` and `stop` are signals, `wait` is a pause, `fail` a throw. */
export const failPointActions = ["kill", "stop", "wait", "fail"] as const;
export type FailPointAction = (typeof failPointActions)[number];

/** A line of the folder's journal. */
export interface FailPointEvent {
  readonly name: FailPointName;
  readonly action: FailPointAction;
  readonly pid: number;
}

/** The file of the folder that tells what happened, one JSON line each. */
export const failPointJournal = "journal";

const waitMs = 1_500;

const folder = failPointFolder(process.env);

/** Marks a fail point: `await failPoint("ledger.midBatch")`. */
export function failPoint(name: FailPointName): Promise<void> | undefined {
  return folder === undefined ? undefined : reach(folder, name);
}

/** The folder of the orders, or undefined; a production environment never has one. */
export function failPointFolder(env: Environment): string | undefined {
  if (env.NODE_ENV === "production" || env.TILLCAST_FAIL_POINTS === "") return undefined;
  return env.TILLCAST_FAIL_POINTS;
}

/** Does what the folder says about a fail point, once. */
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
    // Another process was faster.
    return undefined;
  }
  const written = readFileSync(taken, "utf8").trim();
  return failPointActions.find((action) => action === written);
}
