import type { Pool } from "pg";
import { makeDifferences } from "./differences.ts";
import { verifyOrderSlice } from "./verify-orders.ts";

/** Compares all orders with the ledger in an endless round, a few at a time. */
export interface OrderComparison {
  /** Compares the next few orders. */
  step(): Promise<void>;
  /** Differing rows of the present round and of the last complete one. */
  differing(): { readonly count: number; readonly example: string | undefined };
}

/** The results of one round. */
interface Round {
  count: number;
  example: string | undefined;
}

/**
 * Makes a comparison that starts after `startKey`. The key is random, so that processes which restart every day do not
 * compare the same orders each time.
 */
export function makeOrderComparison(options: {
  readonly pool: Pool;
  readonly ordersAtOnce: number;
  readonly startKey: Buffer;
}): OrderComparison {
  let after = options.startKey;
  let round: Round = { count: 0, example: undefined };
  let roundBefore: Round = round;
  return {
    async step() {
      const differences = makeDifferences();
      const slice = await verifyOrderSlice(options.pool, after, options.ordersAtOnce, differences);
      const [first] = differences.named;
      round.count += differences.count;
      if (first !== undefined) round.example ??= first.key;
      if (slice.next !== undefined) {
        after = slice.next;
        return;
      }
      after = Buffer.alloc(0);
      roundBefore = round;
      round = { count: 0, example: undefined };
    },
    differing: () => ({
      count: Math.max(round.count, roundBefore.count),
      example: round.example ?? roundBefore.example,
    }),
  };
}
