import { findAppError, type Logger, openScope, type Scope } from "@tillcast/core";
import { type Command, Option } from "commander";
import { commandLogger } from "./command-logger.ts";
import { exitCodes } from "./exit-codes.ts";
import { makeProgressBar, type ProgressBar } from "./progress-bar.ts";

/** What a command's work gets. */
export interface ActionContext {
  readonly scope: Scope;
  readonly log: Logger;
  readonly progress: ProgressBar;
  /** True when the answer is one JSON object on the last line. */
  readonly json: boolean;
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
  const say = (line: string) => (json ? process.stderr : process.stdout).write(`${line}\n`);
  const scope = openScope();
  const interrupted = () => void scope.close().finally(() => process.exit(130));
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  try {
    const answer = await work({ scope, log, progress, json, say });
    progress.end();
    await scope.close();
    process.stdout.write(
      json ? `${JSON.stringify(answer.result, bigintAsText)}\n` : `${answer.text}\n`,
    );
    process.exitCode = answer.ok ? exitCodes.done : exitCodes.refused;
  } catch (error) {
    progress.end();
    await scope.close().catch((fault: unknown) => log.error({ err: fault }, "not closed cleanly"));
    reportFault(error, json);
  } finally {
    process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
  }
}

const bigintAsText = (_key: string, value: unknown) =>
  typeof value === "bigint" ? String(value) : value;

function reportFault(error: unknown, json: boolean): void {
  const known = findAppError(error);
  const message =
    known?.message ?? (error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.stderr.write(`${message}\n`);
  if (json) {
    const code = known?.code ?? "internal";
    process.stdout.write(
      `${JSON.stringify({ error: { code, message: known?.message ?? String(error) } })}\n`,
    );
  }
  const isUsage = known?.code === "configInvalid" || known?.code === "validationFailed";
  process.exitCode = isUsage ? exitCodes.usage : exitCodes.refused;
}
