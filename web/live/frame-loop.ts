/** What the loop needs from the browser. */
export interface FrameClock {
  readonly requestFrame: (callback: () => void) => number;
  readonly cancelFrame: (handle: number) => void;
  readonly setTimer: (callback: () => void, delayMs: number) => number;
  readonly clearTimer: (handle: number) => void;
  /** Runs after the frame has been handed to the screen. */
  readonly afterFrame: (callback: () => void) => void;
}

/** A hidden page gets no frames; its changes are drawn this much later by a timer instead. */
const HIDDEN_DELAY_MS = 500;

export interface FrameLoop {
  /** Asks for one draw; asking again before it happens changes nothing. */
  schedule(): void;
  stop(): void;
}

/**
 * Draws at most once per frame however many updates came in. A timer runs beside the frame request, and
 * whichever comes first cancels the other: else a hidden page would queue updates that nobody sees.
 */
export function makeFrameLoop(clock: FrameClock, draw: () => void, drawn: () => void): FrameLoop {
  let pending: { readonly frame: number; readonly timer: number } | undefined;

  function cancel(): void {
    if (pending === undefined) return;
    clock.cancelFrame(pending.frame);
    clock.clearTimer(pending.timer);
    pending = undefined;
  }

  function run(): void {
    cancel();
    draw();
    clock.afterFrame(drawn);
  }

  return {
    schedule() {
      if (pending !== undefined) return;
      const timer = clock.setTimer(run, HIDDEN_DELAY_MS);
      pending = { frame: clock.requestFrame(run), timer };
    },
    stop: cancel,
  };
}

/** The browser's own clock. A message is delivered after the frame whose callback sent it was painted. */
export function browserFrameClock(): FrameClock {
  const channel = new MessageChannel();
  const waiting: (() => void)[] = [];
  channel.port1.onmessage = () => waiting.shift()?.();
  return {
    requestFrame: (callback) => requestAnimationFrame(callback),
    cancelFrame: (handle) => cancelAnimationFrame(handle),
    setTimer: (callback, delayMs) => window.setTimeout(callback, delayMs),
    clearTimer: (handle) => window.clearTimeout(handle),
    afterFrame: (callback) => {
      waiting.push(callback);
      channel.port2.postMessage(null);
    },
  };
}
