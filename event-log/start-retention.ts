import type { Logger } from "@tillcast/core";
import { declareLoop, type Loop, startLoop } from "@tillcast/core/work";
import type { EventLog } from "./port.ts";

const retentionLoop = declareLoop({
  name: "log retention",
  does: "deletes records of the event log that are older than their topic keeps them",
  // Retention is counted in days; a minute more or less is nothing.
  every: 60_000,
});

/** Deletes expired records every minute until stopped. Any number of processes may run it. */
export function startRetention(deps: { readonly eventLog: EventLog; readonly log: Logger }): Loop {
  return startLoop(retentionLoop, { log: deps.log, step: () => deps.eventLog.deleteExpired() });
}
