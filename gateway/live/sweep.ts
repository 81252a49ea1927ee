import type { Logger, Metrics } from "@tillcast/core";
import { declareLoop, type Loop, startLoop } from "@tillcast/core/work";
import { liveLimits } from "../config.ts";
import type { LiveNamespace } from "./socket-types.ts";

const sweepLoop = declareLoop({
  name: "slow sockets closed",
  does: "closes sockets whose reader has fallen behind",
  every: liveLimits.sweepMs,
  first: "after a rest",
});

/**
 * Closes sockets whose reader has fallen behind, so that a stalled one costs the others nothing; it
 * comes back and takes a snapshot. What is unsent lies in `conn.writeBuffer`: the websocket's own
 * `bufferedAmount` showed 0.02 MB while 88,900 packets waited.
 */
export function startSweep(
  live: Pick<LiveNamespace, "sockets">,
  { metrics, log }: { readonly metrics: Metrics; readonly log: Logger },
): Pick<Loop, "stop"> {
  const closed = metrics.counter({
    name: "ws_slow_client_closed_total",
    help: "Sockets closed because their reader fell behind.",
  });
  const closeSlow = async () => {
    for (const socket of live.sockets.values()) {
      const { writeBuffer } = socket.conn as unknown as { writeBuffer: readonly unknown[] };
      if (writeBuffer.length <= liveLimits.writeBufferMaxPackets) continue;
      socket.conn.close(true);
      closed.inc();
    }
  };
  return startLoop(sweepLoop, { log, step: closeSlow });
}
