import type { ConnectionState } from "./connection.ts";

/**
 * Why nothing newer is known: the device has no network, the server does not answer, the server lets this
 * person in no more, or the line is being set up again.
 */
export type Cut = "deviceOffline" | "unreachable" | "refused" | "waiting";

/** Until when the server has been heard, and why no longer; a page says nothing newer than that. */
export interface Heard {
  /** By the server's clock. */
  readonly until: number;
  /** Null while the server is heard. */
  readonly cut: Cut | null;
}

/** A line that comes back sooner is not worth a word; the figures stop at once all the same. */
const GRACE_MS = 5_000;

/** What is heard at `now`; all instants by the same clock. */
export function heardAt(line: {
  readonly now: number;
  readonly until: number;
  readonly state: ConnectionState;
  readonly isDeviceOnline: boolean;
}): Heard {
  const until = Math.min(line.until, line.now);
  return { until, cut: line.now - until <= GRACE_MS ? null : cutOf(line) };
}

/** Why the line is cut, as far as the browser can tell. */
export function cutOf(line: {
  readonly state: ConnectionState;
  readonly isDeviceOnline: boolean;
}): Cut {
  if (line.state === "refused") return "refused";
  if (!line.isDeviceOnline) return "deviceOffline";
  return line.state === "offline" ? "unreachable" : "waiting";
}
