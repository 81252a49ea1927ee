import { setTimeout as setTimer } from "node:timers/promises";
import type { Clock } from "@tillcast/core";
import { businessDateOf, businessDayBounds, type OrderPushInput } from "@tillcast/schemas";
import type { Scenario } from "./day-plan.ts";
import { type Delivery, deliveriesOf } from "./deliveries.ts";
import type { Deliver } from "./history.ts";
import { closeoutsOf, type StoreProfile } from "./store-profile.ts";
import { stretchesOf } from "./trouble.ts";

export interface LiveOptions {
  readonly stores: readonly StoreProfile[];
  readonly scenario: Scenario;
  readonly clock: Clock;
  /**
   * How much faster than real time the stores run. Default 1: sales come at the stores' local hours. Above 1 their clock
   * starts at the present and runs ahead into the future.
   */
  readonly speed?: number;
  readonly deliver: Deliver;
  /** Sends a store's heartbeat. */
  readonly heartbeat: (beat: SimulatedHeartbeat) => Promise<void>;
  /** Called with failed deliveries (which are retried), failed heartbeats, and the reason if it stops by itself. */
  readonly onError?: (error: unknown) => void;
  readonly signal?: AbortSignal;
  /** Waits. Default: a timer. Rejects when aborted. */
  readonly sleep?: (durationMs: number, signal: AbortSignal) => Promise<void>;
}

/** A heartbeat as `POST /v1/heartbeats` takes it. */
export interface SimulatedHeartbeat {
  readonly source: "simulator";
  readonly accountId: string;
  readonly locationId: string;
  /** The instant up to which the till has sent everything. */
  readonly completeUntil: string;
}

export interface LiveSimulation {
  /** Resolves when the simulation has stopped. Never rejects. */
  readonly finished: Promise<void>;
  /** Stops the simulation and waits for running deliveries. Safe to call twice. */
  stop(): Promise<void>;
}

/** How often each store sends a heartbeat. */
export const HEARTBEAT_MS = 30_000;
/** Most orders per delivery, as in one push. */
const BATCH_MAX_COUNT = 500;
/** Longest sleep, so that a jump of the clock is noticed soon, as after a laptop was closed. */
const SLEEP_MAX_MS = 1_000;
const RETRY_MIN_MS = 250;
const RETRY_MAX_MS = 10_000;

/**
 * Starts live sales. First it delivers today's orders until now, from the start of each store's business date, then each
 * delivery when it is due. The same scenario always gives the same orders and versions, so that orders which are sent
 * again after a restart count once.
 */
export function startLiveSimulation(options: LiveOptions): LiveSimulation {
  const own = new AbortController();
  const signal =
    options.signal === undefined ? own.signal : AbortSignal.any([own.signal, options.signal]);
  const now = storeClock(options.clock, options.speed ?? 1);
  const live: Live = { options, signal, now, deliveredUntilMs: earliestStart(options, now()) };
  const guarded = (loop: Promise<void>) =>
    loop.catch((error: unknown) => {
      if (!signal.aborted) options.onError?.(error);
      own.abort(); // One loop without the other would look alive and not be.
    });
  const loops = [guarded(runDeliveries(live)), guarded(runHeartbeats(live))];
  const finished = Promise.all(loops).then(() => undefined);
  return {
    finished,
    stop: () => {
      own.abort();
      return finished;
    },
  };
}

interface Live {
  readonly options: LiveOptions;
  readonly signal: AbortSignal;
  /** The stores' present time. */
  readonly now: () => number;
  /** All deliveries before this instant are done. */
  deliveredUntilMs: number;
}

function storeClock(clock: Clock, speed: number): () => number {
  const startMs = clock.now();
  return () => startMs + (clock.now() - startMs) * speed;
}

/** The start of the earliest present business date of the stores. */
function earliestStart({ stores }: LiveOptions, nowMs: number): number {
  const starts = stores.map((profile) => {
    const closeouts = closeoutsOf(profile);
    const date = businessDateOf(nowMs, profile.timeZone, closeouts);
    return businessDayBounds(date, profile.timeZone, closeouts).startMs;
  });
  return Math.min(nowMs, ...starts);
}

async function runDeliveries(live: Live): Promise<void> {
  const { options, signal, now } = live;
  const stream = deliveriesOf({
    stores: options.stores,
    scenario: options.scenario,
    fromMs: live.deliveredUntilMs,
    toMs: Number.POSITIVE_INFINITY,
  });
  let next = stream.next().value as Delivery | undefined;
  while (!signal.aborted && next !== undefined) {
    const nowMs = now();
    const batch: OrderPushInput[] = [];
    while (next !== undefined && next.deliverAt <= nowMs && batch.length < BATCH_MAX_COUNT) {
      batch.push(next.order);
      next = stream.next().value as Delivery | undefined;
    }
    if (batch.length > 0) await deliverUntilTaken(live, batch);
    live.deliveredUntilMs = Math.min(nowMs, next?.deliverAt ?? nowMs);
    const waitMs = ((next?.deliverAt ?? nowMs) - now()) / (options.speed ?? 1);
    // Whole milliseconds, because at high speed the rest of a millisecond would never pass.
    if (waitMs > 0) await sleep(live, Math.min(Math.ceil(waitMs), SLEEP_MAX_MS));
  }
}

async function deliverUntilTaken(live: Live, batch: OrderPushInput[]): Promise<void> {
  for (let pauseMs = RETRY_MIN_MS; ; pauseMs = Math.min(pauseMs * 2, RETRY_MAX_MS)) {
    try {
      await live.options.deliver(batch);
      return;
    } catch (error) {
      live.options.onError?.(error);
    }
    await sleep(live, pauseMs);
  }
}

async function runHeartbeats(live: Live): Promise<void> {
  const { options, signal } = live;
  while (!signal.aborted) {
    for (const profile of options.stores) {
      if (hasLine(live, profile)) await beat(live, profile);
    }
    await sleep(live, HEARTBEAT_MS);
  }
}

async function beat({ options, deliveredUntilMs }: Live, profile: StoreProfile): Promise<void> {
  try {
    await options.heartbeat({
      source: "simulator",
      accountId: options.scenario.accountId,
      locationId: profile.key,
      completeUntil: new Date(deliveredUntilMs).toISOString(),
    });
  } catch (error) {
    options.onError?.(error); // The next one is due soon.
  }
}

/** Whether the till is online and has no outage. */
function hasLine({ options, now }: Live, profile: StoreProfile): boolean {
  const { seed, trouble } = options.scenario;
  const nowMs = now();
  const date = businessDateOf(nowMs, profile.timeZone, closeoutsOf(profile));
  return !stretchesOf(profile, seed, date, trouble).some(
    ({ startMs, endMs }) => nowMs >= startMs && nowMs < endMs,
  );
}

function sleep({ options, signal }: Live, durationMs: number): Promise<void> {
  if (options.sleep !== undefined) return options.sleep(durationMs, signal);
  return setTimer(durationMs, undefined, { signal });
}
