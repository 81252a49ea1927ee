import { setTimeout as pause } from "node:timers/promises";
import type { OrderPushInput } from "@tillcast/schemas";
import type { Dice } from "../../support/dice.ts";
import { makeRestClient, type RestClient } from "../../support/rest-client.ts";
import type { Tally } from "../run/tally.ts";

/** Sends orders as tills do: again and again, by any way, until each one is acknowledged. */
export interface Till {
  /** Resolves when all are acknowledged; throws when one is refused. */
  send(orders: readonly OrderPushInput[], options: SendOptions): Promise<void>;
  /** Resolves when every one was refused, each by itself, as it should be. */
  sendSpoiled(orders: readonly unknown[]): Promise<void>;
}

export interface SendOptions {
  readonly batchMaxCount: number;
  readonly sendersCount: number;
  /** Between two batches of one sender. */
  readonly pauseMs: number;
  readonly onTaken?: (count: number) => void;
}

const retryPauseMs = 150;
const triesMax = 800;
/** Share of batches that are sent a second time, beside or after the first. */
const twiceShare = 0.1;

type Answer = Awaited<ReturnType<RestClient["push"]>>;

/** Makes a till that knows several ways to the intake. */
export function makeTill(options: {
  readonly urls: readonly string[];
  readonly key: string;
  readonly dice: Dice;
  readonly tally: Tally;
}): Till {
  const { dice, tally } = options;
  const clients = options.urls.map((url) => makeRestClient(url, options.key));

  /** Pushes until somebody answers for good. */
  async function pushUntilAnswered(batch: readonly unknown[]): Promise<Answer> {
    for (let tries = 1; tries <= triesMax; tries += 1) {
      const answer = await withinTime(dice.pick(clients).push(batch));
      tally.answered(answer?.status);
      if (answer !== undefined && answer.status !== 429 && answer.status < 500) return answer;
      await pause(retryPauseMs);
    }
    throw new Error(`a batch was not answered in ${triesMax} tries`);
  }

  async function sendBatch(batch: readonly OrderPushInput[]): Promise<void> {
    const answers = dice.chance(twiceShare)
      ? await Promise.all([pushUntilAnswered(batch), pushUntilAnswered(batch)])
      : [await pushUntilAnswered(batch)];
    for (const { status, body } of answers) {
      if (status === 200 && body.rejected === 0) continue;
      throw new Error(`a batch was refused: ${status} ${JSON.stringify(body).slice(0, 2_000)}`);
    }
  }

  return {
    async send(orders, { batchMaxCount, sendersCount, pauseMs, onTaken }) {
      let next = 0;
      const sender = async () => {
        while (next < orders.length) {
          const batch = orders.slice(next, next + batchMaxCount);
          next += batch.length;
          await sendBatch(batch);
          onTaken?.(batch.length);
          await pause(pauseMs);
        }
      };
      await Promise.all(Array.from({ length: sendersCount }, sender));
    },
    async sendSpoiled(orders) {
      if (orders.length === 0) return;
      const { status, body } = await pushUntilAnswered(orders);
      if (status === 422 && body.rejected === orders.length) return;
      throw new Error(`a spoiled order was taken: ${status} ${JSON.stringify(body)}`);
    },
  };
}

/** A till waits for so long; then it does not know whether its orders were taken. */
const answerMaxMs = 4_000;

async function withinTime(answer: Promise<Answer>): Promise<Answer | undefined> {
  const timeout = new AbortController();
  try {
    return await Promise.race([
      answer.catch(() => undefined),
      pause(answerMaxMs, undefined, { signal: timeout.signal }).catch(() => undefined),
    ]);
  } finally {
    timeout.abort();
  }
}
