import type { ReadSnapshot } from "./read-snapshot.ts";

/** What the rest of the gateway asks of the live connection. */
export interface LiveControl {
  readonly snapshot: ReadSnapshot;
  /** Closes what a session opened. Other processes follow when they are told (`watchAccess`), at the latest within `recheckMs`. */
  endSession(sessionId: string): void;
}
