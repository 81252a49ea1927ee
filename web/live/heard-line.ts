/** Silence shorter than this is normal: the server sends a ping every 25 s. */
const QUIET_MS_MAX = 35_000;

/** Remembers until when the server has been heard, by this browser's clock. */
export interface HeardLine {
  /** Something came from the server. */
  heard(at: number): void;
  /** The line became whole (connected, and all snapshots applied), or stopped being so. */
  moved(isWhole: boolean, at: number): void;
  /** The instant until which the page may speak; undefined before the first whole moment. */
  until(at: number): number | undefined;
}

/**
 * While the line is whole, no message means no change, so the server counts as heard until now. A line
 * that is whole by name only (a device that slept, a network that swallows everything) is caught by the
 * pings that stay away: then only what came before the silence was heard.
 */
export function makeHeardLine(): HeardLine {
  let isWhole = false;
  let lastWord = 0;
  let frozenAt: number | undefined;

  const until = (at: number): number | undefined => {
    if (!isWhole) return frozenAt;
    return at - lastWord > QUIET_MS_MAX ? lastWord : at;
  };

  return {
    heard(at) {
      lastWord = at;
    },
    moved(whole, at) {
      if (whole === isWhole) return;
      if (isWhole) frozenAt = until(at);
      else lastWord = at;
      isWhole = whole;
    },
    until,
  };
}
