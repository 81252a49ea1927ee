import type { Scope } from "@tillcast/core";
import { startPolling } from "@tillcast/core/work";
import type { Installation } from "./installation.ts";
import { isServed } from "./is-served.ts";
import type { ServiceName } from "./roles.ts";

/** A part of the product that works until stopped. */
export interface Part {
  stop(): Promise<void>;
}

/** A process that ends while a command waits for it is noticed within this time. */
const lookEveryMs = 2_000;

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
  const watch = startPolling({
    name: "watch for the server",
    everyMs: lookEveryMs,
    log: installation.log,
    step: async () => {
      await startIfAlone();
      return false;
    },
  });
  scope.defer(async () => {
    await watch.stop();
    await part?.stop();
  });
}
