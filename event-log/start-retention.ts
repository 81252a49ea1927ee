import type { Logger } from "@tillcast/core";
import { type Polling, startPolling } from "@tillcast/core/work";
import type { EventLog } from "./port.ts";

/** Retention is counted in days, so that once a minute is often enough. */
const retentionIntervalMs = 60_000;

/** Deletes expired records every minute until stopped. Any number of processes may run it. */
export function startRetention(deps: {
  readonly eventLog: EventLog;
  readonly log: Logger;
}): Polling {
  return startPolling({
    name: "retention",
    everyMs: retentionIntervalMs,
    log: deps.log,
    step: async () => {
      await deps.eventLog.deleteExpired();
      return false;
    },
  });
}
