import type { EventLog } from "@tillcast/event-log";
import type { OrderSnapshot } from "@tillcast/schemas";
import { appendSnapshots } from "./processor-child.ts";
import { snapshot } from "./snapshots.ts";

/** New orders that keep coming at one rate, spread over the stores in turn. */
export interface SteadyOrders {
  /** Per store, when each of its orders was handed to the log, and when the log had it. */
  readonly handedAtMs: ReadonlyMap<number, readonly number[]>;
  readonly appendedAtMs: ReadonlyMap<number, readonly number[]>;
  /** What was handed over so far. */
  readonly orders: readonly OrderSnapshot[];
  /** Resolves when all are appended. */
  readonly done: Promise<void>;
  stop(): void;
}

const tickMs = 2;

/** Starts appending; every load needs a `firstOrder` of its own, lest its orders be known already. */
export function startSteadyOrders(
  eventLog: EventLog,
  load: {
    readonly stores: number;
    readonly ordersPerSecond: number;
    readonly seconds: number;
    readonly firstOrder: number;
  },
): SteadyOrders {
  const handedAtMs = new Map<number, number[]>();
  const appendedAtMs = new Map<number, number[]>();
  for (let store = 0; store < load.stores; store += 1) {
    handedAtMs.set(store, []);
    appendedAtMs.set(store, []);
  }
  const total = load.ordersPerSecond * load.seconds;
  const startedAt = performance.now();
  let sent = 0;
  let stopped = false;
  const appends: Promise<void>[] = [];
  const orders: OrderSnapshot[] = [];

  async function append(due: readonly OrderSnapshot[], stores: readonly number[]) {
    orders.push(...due);
    const handedAt = performance.now();
    for (const store of stores) handedAtMs.get(store)?.push(handedAt);
    await appendSnapshots(eventLog, due);
    const appendedAt = performance.now();
    for (const store of stores) appendedAtMs.get(store)?.push(appendedAt);
  }

  async function run() {
    while (sent < total && !stopped) {
      const elapsedSeconds = (performance.now() - startedAt) / 1_000;
      const due = Math.min(total, Math.floor(elapsedSeconds * load.ordersPerSecond));
      const stores: number[] = [];
      const made: OrderSnapshot[] = [];
      for (; sent < due; sent += 1) {
        const store = sent % load.stores;
        stores.push(store);
        made.push(newOrder(load.firstOrder + sent, store));
      }
      if (made.length > 0) appends.push(append(made, stores));
      await new Promise((resolve) => setTimeout(resolve, tickMs));
    }
    await Promise.all(appends);
  }
  return {
    handedAtMs,
    appendedAtMs,
    orders,
    done: run(),
    stop: () => {
      stopped = true;
    },
  };
}

const newOrder = (index: number, store: number): OrderSnapshot =>
  snapshot(index, store, 1, Date.now(), "dine_in", [500, 700, 900]);
