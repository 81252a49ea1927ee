import type { Pool } from "pg";
import { findAppError } from "../../errors.ts";
import type { Logger } from "../../logging.ts";
import { declareLoop } from "../loops/declare-loop.ts";
import { type Loop, startLoop } from "../loops/start-loop.ts";
import { endOne, postponeOne, type TakenDelivery, takeDeliveries } from "./delivery-rows.ts";

/** One way out of the product. */
export interface DeliveryChannel {
  /** As it stands in the table. */
  readonly name: string;
  /** Deliveries under way at once in one process. */
  readonly atOnce: number;
  /**
   * Resolves when the next hop has taken it. What it throws is tried again after a growing pause, unless it is
   * deterministic.
   */
  send(target: string, payload: unknown): Promise<void>;
}

export interface DeliveriesOptions {
  /** The service role's pool. */
  readonly pool: Pool;
  readonly channels: readonly DeliveryChannel[];
  readonly log: Logger;
  readonly limits?: Partial<DeliveryLimits>;
}

export interface DeliveryLimits {
  readonly pollMs: number;
  /** A delivery that a dead process had taken is sent again after this long, possibly twice. */
  readonly leaseMs: number;
  /** The pause after the first failure; it doubles with each. */
  readonly retryPauseMs: number;
  readonly attemptsMax: number;
}

const defaultLimits: DeliveryLimits = {
  pollMs: 1_000,
  leaseMs: 60_000,
  // Ten attempts spread over about three hours.
  retryPauseMs: 20_000,
  attemptsMax: 10,
};

const deliveriesLoop = declareLoop({
  name: "deliveries",
  does: "sends what waits for one channel; each channel has a loop of its own",
  every: 1_000,
  stops: "after the sendings under way",
});

/**
 * Sends what is queued until stopped, each delivery at least once. The channels do not wait for one another, nor
 * for any job.
 */
export function runDeliveries(options: DeliveriesOptions): Pick<Loop, "stop"> {
  const limits = { ...defaultLimits, ...options.limits };
  const loops = options.channels.map((channel) =>
    startLoop(deliveriesLoop, {
      everyMs: limits.pollMs,
      log: options.log,
      async step() {
        const { atOnce, name } = channel;
        const taken = await takeDeliveries(options.pool, name, { atOnce, ...limits });
        await Promise.all(taken.map((one) => deliverOne(options, limits, channel, one)));
        return taken.length > 0;
      },
    }),
  );
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

async function deliverOne(
  { pool, log }: DeliveriesOptions,
  limits: DeliveryLimits,
  channel: DeliveryChannel,
  { deliveryId, target, payload, attempts }: TakenDelivery,
): Promise<void> {
  try {
    await channel.send(target, payload);
  } catch (error) {
    const isGivenUp = attempts >= limits.attemptsMax || findAppError(error)?.deterministic === true;
    log.warn({ err: error, deliveryId, channel: channel.name, isGivenUp }, "not delivered");
    if (isGivenUp) await endOne(pool, deliveryId, { state: "gave_up", error: String(error) });
    else {
      const pauseMs = limits.retryPauseMs * 2 ** (attempts - 1);
      await postponeOne(pool, deliveryId, pauseMs, String(error));
    }
    return;
  }
  await endOne(pool, deliveryId, { state: "sent" });
}
