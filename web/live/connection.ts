/** The browser's own line to Tillcast; how fresh a till's data is, is another matter (`freshness.ts`). */
export type ConnectionState = "connecting" | "catchingUp" | "live" | "offline" | "refused";

export type ConnectionEvent =
  /** The socket is open; rooms are joined next, then snapshots asked for. */
  | "connected"
  /** Every watched store's snapshot has been applied. */
  | "caughtUp"
  /** A snapshot was asked for again: an update was missed, or a store was added. */
  | "behind"
  /** The socket closed; it tries again by itself. */
  | "lost"
  /** An attempt to connect failed, or the device has no network. */
  | "failed"
  /** The server answered, and does not let this person or key in. */
  | "refused";

/** Every cell is stated, so that a new state or event does not compile until it is thought through. */
const next: Record<ConnectionState, Record<ConnectionEvent, ConnectionState>> = {
  connecting: {
    connected: "catchingUp",
    caughtUp: "connecting",
    behind: "connecting",
    lost: "connecting",
    failed: "offline",
    refused: "refused",
  },
  catchingUp: {
    connected: "catchingUp",
    caughtUp: "live",
    behind: "catchingUp",
    lost: "connecting",
    failed: "offline",
    refused: "refused",
  },
  live: {
    connected: "catchingUp",
    caughtUp: "live",
    behind: "catchingUp",
    lost: "connecting",
    failed: "offline",
    refused: "refused",
  },
  offline: {
    connected: "catchingUp",
    caughtUp: "offline",
    behind: "offline",
    lost: "offline",
    failed: "offline",
    refused: "refused",
  },
  refused: {
    connected: "catchingUp",
    caughtUp: "refused",
    behind: "refused",
    lost: "refused",
    failed: "offline",
    refused: "refused",
  },
};

/** The state after an event. */
export function nextConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  return next[state][event];
}
