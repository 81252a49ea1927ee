/** When a job is next due: five fields as cron has them (minute, hour, day, month, weekday), in UTC. */

import { Cron } from "croner";
import { appError } from "../../errors.ts";

/** The first minute after an instant that a cron line names, in UTC milliseconds. */
export function nextCronTime(cron: string, afterMs: number): number {
  const next = parse(cron).nextRun(new Date(afterMs));
  if (next === null) throw invalid(cron, "no such day comes");
  return next.getTime();
}

function parse(cron: string): Cron {
  try {
    return new Cron(cron, { mode: "5-part", timezone: "UTC", paused: true, sloppyRanges: true });
  } catch (error) {
    throw invalid(cron, error instanceof Error ? error.message : String(error));
  }
}

const invalid = (cron: string, reason: string) =>
  appError("badRequest", { reason: `"${cron}" is no schedule: ${reason}` });
