import type { Scope } from "@tillcast/core";
import { declareLoop, startLoop } from "@tillcast/core/work";
import type { Installation } from "./installation.ts";
import { isServed } from "./is-served.ts";
import type { ServiceName } from "./roles.ts";

/** A part of the product that works until stopped. */
export interface Part {
  stop(): Promise<void>;
}

const servedLoop = declareLoop({
  name: "watch for the server",
  does: "a command looks whether the process ended that did its work, and does it itself then",
  every: 2_000,
});

/**
 * Runs a service for a command's duration where no process does it: from the start, or from the moment at
 * which the last such process ends.
 */
export async function runUnlessServed(
  scope: Scope,
  installation: Installation,
  service: ServiceName,
  start: () => Promise<Part>,
): Promise<void> {
  let part: Part | undefined;
  const startIfAlone = async () => {
    if (part === undefined && !(await isServed(installation.ownerUrl, service)))
      part = await start();
  };
  await startIfAlone();
  const watch = startLoop(servedLoop, { log: installation.log, step: startIfAlone });
  scope.defer(async () => {
    await watch.stop();
    await part?.stop();
  });
}
