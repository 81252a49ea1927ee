import type { Metrics } from "@tillcast/core";
import { liveLimits } from "../config.ts";
import type { LiveNamespace } from "./socket-types.ts";

/**
 * Closes sockets whose reader has fallen behind, so that a stalled one costs the others nothing; it
 * comes back and takes a snapshot. What is unsent lies in `conn.writeBuffer`: the websocket's own
 * `bufferedAmount` showed 0.02 MB while 88,900 packets waited.
 */
export function startSweep(
  live: Pick<LiveNamespace, "sockets">,
  metrics: Metrics,
): { stop(): void } {
  const closed = metrics.counter({
    name: "ws_slow_client_closed_total",
    help: "Sockets closed because their reader fell behind.",
  });
  const timer = setInterval(() => {
    for (const socket of live.sockets.values()) {
      const { writeBuffer } = socket.conn as unknown as { writeBuffer: readonly unknown[] };
      if (writeBuffer.length <= liveLimits.writeBufferMaxPackets) continue;
      socket.conn.close(true);
      closed.inc();
    }
  }, liveLimits.sweepMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
