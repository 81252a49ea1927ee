import type { Socket } from "node:net";
import { arrivalAt, type Weather } from "./weather.ts";

/** One direction of a connection. */
export interface Direction {
  /** Drops the bytes under way. */
  close(): void;
}

/** The sender waits while this many bytes are under way, as on a real line. */
const underWayMaxBytes = 1_048_576;

interface Parcel {
  /** Undefined is the end of the stream. */
  readonly chunk: Buffer | undefined;
  readonly arrivalMs: number;
}

/** Carries bytes from one socket to another in order, as the weather allows. */
export function startDirection(
  from: Socket,
  to: Socket,
  weather: () => Weather,
  chance: () => number,
): Direction {
  const underWay: Parcel[] = [];
  let bytes = 0;
  let lastArrivalMs = 0;
  let timer: NodeJS.Timeout | undefined;

  function send(chunk: Buffer | undefined): void {
    if (weather().kind === "blackHole") return;
    const nowMs = performance.now();
    const size = chunk?.length ?? 0;
    lastArrivalMs = arrivalAt(weather(), { bytes: size, nowMs, lastArrivalMs, chance: chance() });
    underWay.push({ chunk, arrivalMs: lastArrivalMs });
    bytes += size;
    if (bytes >= underWayMaxBytes) from.pause();
    deliver();
  }

  /** One timer, for the first parcel, so that none overtakes another. */
  function deliver(): void {
    clearTimeout(timer);
    timer = undefined;
    for (let first = underWay[0]; first !== undefined; first = underWay[0]) {
      const waitMs = first.arrivalMs - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(deliver, Math.ceil(waitMs));
        return;
      }
      underWay.shift();
      bytes -= first.chunk?.length ?? 0;
      if (to.destroyed) continue;
      if (first.chunk === undefined) to.end();
      else to.write(first.chunk);
    }
    if (bytes < underWayMaxBytes && from.isPaused()) from.resume();
  }

  from.on("data", send);
  from.on("end", () => send(undefined));
  return {
    close() {
      clearTimeout(timer);
      underWay.length = 0;
    },
  };
}
