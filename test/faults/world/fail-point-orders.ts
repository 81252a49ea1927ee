import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type FailPointAction,
  type FailPointEvent,
  type FailPointName,
  failPointJournal,
} from "@tillcast/core";

/** Tells services what to do at their fail points, and hears what they did. */
export interface FailPointOrders {
  readonly folder: string;
  /** The first process that reaches the place does so. */
  arm(name: FailPointName, action: FailPointAction): void;
  /** Everything that has happened so far. */
  events(): readonly FailPointEvent[];
  close(): void;
}

const lookMs = 100;

/** Opens the folder, and lets processes that stopped themselves go on after `stopMs`. */
export function openFailPointOrders(folder: string, stopMs: number): FailPointOrders {
  mkdirSync(folder, { recursive: true });
  const journal = join(folder, failPointJournal);
  writeFileSync(journal, "");
  const events = (): FailPointEvent[] =>
    readFileSync(journal, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as FailPointEvent);
  let seen = 0;
  const timer = setInterval(() => {
    const all = events();
    for (const { action, pid } of all.slice(seen)) {
      if (action === "stop") setTimeout(() => goOn(pid), stopMs);
    }
    seen = all.length;
  }, lookMs);
  return {
    folder,
    arm: (name, action) => writeFileSync(join(folder, name), action),
    events,
    close: () => clearInterval(timer),
  };
}

function goOn(pid: number): void {
  try {
    process.kill(pid, "SIGCONT");
  } catch {
    // It was killed meanwhile.
  }
}
