import { setTimeout as pause } from "node:timers/promises";
import type { OrderPushInput } from "@tillcast/schemas";
import type { RestClient } from "./rest-client.ts";

export interface PushingOptions {
  readonly pushesAtOnce: number;
  readonly batchMaxCount: number;
  /** After each batch; default none. */
  readonly pauseMs?: number;
  /** Hears of each batch that was acknowledged. */
  readonly onTaken?: (count: number) => void;
}

/** Between two tries of one batch; a well-behaved till waits longer. */
const retryPauseMs = 100;
const triesMax = 1_200;

/**
 * Pushes orders in batches as a till does: a batch without an answer, or with 429 or 503, is sent again
 * until it is acknowledged whole. Throws when an order is refused for another reason.
 */
export async function pushUntilTaken(
  client: RestClient,
  orders: readonly OrderPushInput[],
  { pushesAtOnce, batchMaxCount, pauseMs = 0, onTaken }: PushingOptions,
): Promise<void> {
  let next = 0;
  const work = async () => {
    while (next < orders.length) {
      const batch = orders.slice(next, next + batchMaxCount);
      next += batch.length;
      await pushBatch(client, batch);
      onTaken?.(batch.length);
      await pause(pauseMs);
    }
  };
  await Promise.all(Array.from({ length: pushesAtOnce }, work));
}

async function pushBatch(client: RestClient, batch: readonly OrderPushInput[]): Promise<void> {
  for (let tries = 1; tries <= triesMax; tries += 1) {
    const answer = await client.push(batch).catch(() => undefined);
    if (answer?.status === 200 && answer.body.rejected === 0 && answer.body.parked === 0) return;
    if (answer !== undefined && answer.status !== 429 && answer.status !== 503) {
      throw new Error(`a batch was refused: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    await pause(retryPauseMs);
  }
  throw new Error(`a batch was not taken in ${triesMax} tries`);
}
