import { constants } from "node:os";
import { type Logger, openScope, type Scope } from "@tillcast/core";
import { type Command, Option } from "commander";
import { commandLogger } from "./command-logger.ts";
import { exitCodes } from "./exit-codes.ts";
import { makeProgressBar, type ProgressBar } from "./progress-bar.ts";
import { reportFault } from "./report-fault.ts";

/** What a command's work gets. */
export interface ActionContext {
  readonly scope: Scope;
  readonly log: Logger;
  readonly progress: ProgressBar;
  /** Aborts when a person or the system ends the command early. */
  readonly signal: AbortSignal;
  /** Says something to a person; kept off standard output when it carries JSON. */
  readonly say: (line: string) => void;
}

/** What a command's work answers: for scripts, and for people. */
export interface ActionResult {
  /** False when it was refused or unequal. */
  readonly ok: boolean;
  readonly result: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** The option that every command has. */
export const jsonOption = (): Option =>
  new Option("--json", "answer with one JSON object as the last line of standard output");

/** Help's last lines: how the command is used. */
export const example = (...lines: readonly string[]): string =>
  `\nExample:\n${lines.map((line) => `  npx tillcast ${line}`).join("\n")}`;

/**
 * Runs a command's work: closes what it opened, prints its answer, sets the exit code, and turns an
 * expected fault into one sentence.
 */
export async function runAction(
  command: Command,
  work: (context: ActionContext) => Promise<ActionResult>,
): Promise<void> {
  const json = command.opts<{ json?: boolean }>().json === true;
  const log = commandLogger(`tillcast ${command.name()}`);
  const progress = makeProgressBar(process.stderr, command.name());
  const say = (line: string) => {
    progress.clear();
    (json ? process.stderr : process.stdout).write(`${line}\n`);
  };
  const scope = openScope();
  const { signal, forget } = stopOnSignal(scope, progress);
  try {
    const answer = await work({ scope, log, progress, signal, say });
    progress.end();
    await scope.close();
    if (signal.aborted) return;
    const text = json ? JSON.stringify(answer.result, bigintAsText) : answer.text;
    process.stdout.write(`${text}\n`);
    process.exitCode = answer.ok ? exitCodes.done : exitCodes.refused;
  } catch (error) {
    progress.end();
    await scope.close().catch((fault: unknown) => log.error({ err: fault }, "not closed cleanly"));
    // What fails because everything was closed under it is no news.
    if (!signal.aborted) reportFault(error, json);
  } finally {
    forget();
  }
}

const bigintAsText = (_key: string, value: unknown) =>
  typeof value === "bigint" ? String(value) : value;

const endings = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Lets signals close the scope, once however many come, and end the process as their number says. */
function stopOnSignal(
  scope: Scope,
  progress: ProgressBar,
): { readonly signal: AbortSignal; readonly forget: () => void } {
  const stopping = new AbortController();
  const stop = (name: NodeJS.Signals) => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    progress.end();
    const end = () => process.exit(128 + constants.signals[name]);
    void scope.close().then(end, end);
  };
  for (const name of endings) process.on(name, stop);
  return {
    signal: stopping.signal,
    forget: () => {
      // A command that is being stopped stays deaf to further signals until it has ended.
      if (stopping.signal.aborted) return;
      for (const name of endings) process.off(name, stop);
    },
  };
}
