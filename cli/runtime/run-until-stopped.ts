import { openScope, type Scope } from "@tillcast/core";
import { commandLogger } from "../command-logger.ts";
import { exitCodes } from "../exit-codes.ts";
import { reportFault } from "../report-fault.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { applicationNameOf, type Role } from "./roles.ts";

/**
 * A stop that takes longer, counted from the signal and beyond what it waits on purpose, is cut short; every
 * acknowledged order is durable already.
 */
const stopTimeoutMs = 20_000;

/** A terminal's Ctrl-C may arrive twice, by itself and handed on; later than this it is a second one. */
const sameSignalMs = 1_000;

/** What a process gets to start with. */
export interface Process {
  readonly scope: Scope;
  readonly installation: Installation;
  /** Names what is done, when a stop begins, before the scope closes, and how long that may take. */
  readonly beforeStop: (work: () => Promise<void>, limitMs: number) => void;
}

/**
 * Runs something in this process until a signal ends it: first what is to happen before the stop, then
 * everything that the scope holds. A second signal ends the process at once, as does a stop that hangs.
 */
export async function runUntilStopped(
  role: Role,
  start: (running: Process) => Promise<void>,
): Promise<void> {
  const log = commandLogger(applicationNameOf(role));
  const scope = openScope();
  let before = { work: async (): Promise<void> => undefined, limitMs: 0 };
  let opening: Promise<unknown> = Promise.resolve();
  let stoppingSinceMs: number | undefined;

  async function stop(exitCode: number): Promise<void> {
    setTimeout(() => process.exit(exitCodes.refused), stopTimeoutMs + before.limitMs).unref();
    // What is half open, such as a database server that starts, is closed by whoever opened it whole.
    await opening.catch(() => undefined);
    if (exitCode === exitCodes.done) await before.work().catch(tell);
    await scope.close().catch(tell);
    process.exit(exitCode);
  }

  function tell(error: unknown): void {
    process.stderr.write(`${String(error)}\n`);
  }

  function onSignal(): void {
    if (stoppingSinceMs === undefined) {
      stoppingSinceMs = performance.now();
      void stop(exitCodes.done);
    } else if (performance.now() - stoppingSinceMs > sameSignalMs) {
      process.exit(exitCodes.refused);
    }
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  try {
    const opened = openInstallation({ scope, log, role });
    opening = opened;
    const installation = await opened;
    // A signal that came while it opened finds everything in the scope; nothing more is started.
    if (stoppingSinceMs !== undefined) return;
    const beforeStop: Process["beforeStop"] = (work, limitMs) => {
      before = { work, limitMs };
    };
    await start({ scope, installation, beforeStop });
  } catch (error) {
    // Errors after a stop began are expected: everything is closed under what still runs.
    if (stoppingSinceMs !== undefined) return;
    reportFault(error, false);
    await stop(Number(process.exitCode));
  }
}
