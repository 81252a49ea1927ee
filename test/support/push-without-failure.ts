import { setTimeout as pause } from "node:timers/promises";
import type { OrderPushInput } from "@tillcast/schemas";
import type { RestClient } from "./rest-client.ts";

/** A load that goes on until it is ended. */
export interface SteadyLoad {
  /** How many batches were acknowledged so far. */
  acknowledged(): number;
  /** What was answered otherwise than by 200, a line each. */
  failures(): readonly string[];
  /** Stops pushing, and answers every order that was pushed. */
  end(): Promise<readonly OrderPushInput[]>;
}

/** Pushes batches from several senders, each once: nothing is tried again. */
export function pushWithoutFailure(
  client: RestClient,
  orders: Iterator<OrderPushInput>,
  options: {
    readonly senders: number;
    readonly batchMaxCount: number;
    readonly pauseMs: number;
  },
): SteadyLoad {
  const pushed: OrderPushInput[] = [];
  const failures: string[] = [];
  let acknowledged = 0;
  let isEnding = false;

  function takeBatch(): OrderPushInput[] {
    const batch: OrderPushInput[] = [];
    while (batch.length < options.batchMaxCount) {
      const next = orders.next();
      if (next.done === true) break;
      batch.push(next.value);
    }
    return batch;
  }

  async function send(): Promise<void> {
    while (!isEnding) {
      const batch = takeBatch();
      if (batch.length === 0) throw new Error("the load has come to its end");
      pushed.push(...batch);
      try {
        const { status, body } = await client.push(batch);
        if (status === 200 && body.rejected === 0) acknowledged += 1;
        else failures.push(`${status} ${JSON.stringify(body)}`);
      } catch (error) {
        failures.push(`${String(error)} ${String((error as Error).cause ?? "")}`);
      }
      await pause(options.pauseMs);
    }
  }

  const sending = Promise.all(Array.from({ length: options.senders }, send));
  sending.catch((error: unknown) => failures.push(String(error)));
  return {
    acknowledged: () => acknowledged,
    failures: () => failures,
    async end() {
      isEnding = true;
      await sending;
      return pushed;
    },
  };
}
