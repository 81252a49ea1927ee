import { openScope, type Scope } from "@tillcast/core";
import { commandLogger } from "../command-logger.ts";
import { exitCodes } from "../exit-codes.ts";
import { reportFault } from "../report-fault.ts";
import { type Installation, openInstallation } from "./installation.ts";
import { applicationNameOf, type Role } from "./roles.ts";

/** A stop that takes longer is cut short; every acknowledged order is durable already. */
const stopTimeoutMs = 20_000;

/** A terminal's Ctrl-C may arrive twice, by itself and handed on; later than this it is a second one. */
const sameSignalMs = 1_000;

/** What a process gets to start with. */
export interface Process {
  readonly scope: Scope;
  readonly installation: Installation;
  /** Names what is to be done and waited for, when a stop begins, before the scope closes. */
  readonly beforeStop: (work: () => Promise<void>) => void;
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
  let workBeforeStop = async (): Promise<void> => undefined;
  let stoppingSinceMs: number | undefined;

  async function stop(exitCode: number): Promise<void> {
    setTimeout(() => process.exit(exitCodes.refused), stopTimeoutMs).unref();
    await scope.close().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    process.exit(exitCode);
  }

  function onSignal(): void {
    if (stoppingSinceMs === undefined) {
      stoppingSinceMs = performance.now();
      void workBeforeStop().then(() => stop(exitCodes.done));
    } else if (performance.now() - stoppingSinceMs > sameSignalMs) {
      process.exit(exitCodes.refused);
    }
  }

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, onSignal);
  try {
    const installation = await openInstallation({ scope, log, role });
    const beforeStop = (work: () => Promise<void>) => {
      workBeforeStop = work;
    };
    await start({ scope, installation, beforeStop });
  } catch (error) {
    // What fails because everything was closed under it is no news.
    if (stoppingSinceMs !== undefined) return;
    reportFault(error, false);
    await stop(Number(process.exitCode));
  }
}
