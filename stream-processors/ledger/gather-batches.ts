/**
 * Settles batches of several partitions in one transaction where they come faster than transactions end.
 *
 * A transaction costs as much for three orders as for thirty. Eight partitions that each bring a few, one
 * transaction each, wait for one another; together they wait once. So a transaction that is not full is alone
 * of its kind: what comes meanwhile makes up the next. Full ones, of who catches up, go beside one another.
 */

import { findAppError } from "@tillcast/core";
import type { LogBatch } from "@tillcast/event-log";

export interface GatherDeps<Settled> {
  /** Transactions under way at a time, of which one at most is not full. */
  readonly transactionsAtOnce: number;
  /** Most records and bytes of values in one transaction; a larger batch still comes alone. */
  readonly maxCount: number;
  readonly maxBytes: number;
  /** Settles all of the batches, which are of different partitions, or none. */
  readonly settle: (batches: readonly LogBatch[]) => Promise<Settled>;
  /** What follows the commit; the next transaction need not wait for it, the batches' partitions do. */
  readonly afterCommit: (batches: readonly LogBatch[], settled: Settled) => Promise<void>;
}

interface WaitingBatch {
  readonly batch: LogBatch;
  readonly bytes: number;
  readonly done: PromiseWithResolvers<void>;
}

/** Makes the way through which batches are settled: resolves when a batch is, and rejects when it was not. */
export function gatherBatches<Settled>(
  deps: GatherDeps<Settled>,
): (batch: LogBatch) => Promise<void> {
  let waiting: readonly WaitingBatch[] = [];
  const underWay = { all: 0, notFull: 0 };

  function startNext(): void {
    while (underWay.all < deps.transactionsAtOnce && waiting.length > 0) {
      const { count, isFull } = nextTogether(waiting, deps);
      if (!isFull && underWay.notFull > 0) return;
      const together = waiting.slice(0, count);
      waiting = waiting.slice(count);
      underWay.all += 1;
      if (!isFull) underWay.notFull += 1;
      void run(together, isFull);
    }
  }

  async function run(together: readonly WaitingBatch[], isFull: boolean): Promise<void> {
    const owned = together.filter(({ batch }) => !batch.signal.aborted);
    for (const { batch, done } of together) {
      if (batch.signal.aborted)
        done.reject(new Error("the partition was lost before its batch began"));
    }
    const followUps = await settleTogether(owned);
    underWay.all -= 1;
    if (!isFull) underWay.notFull -= 1;
    startNext();
    for (const { batches, settled } of followUps) {
      await finish(batches, settled);
    }
  }

  /** Resolves with what was committed; who was not has heard of it. */
  async function settleTogether(together: readonly WaitingBatch[]): Promise<Committed<Settled>[]> {
    if (together.length === 0) return [];
    try {
      const settled = await deps.settle(together.map(({ batch }) => batch));
      return [{ batches: together, settled }];
    } catch (error) {
      // A named error is about one of them: alone, each shows whether it was the one.
      if (together.length === 1 || findAppError(error) === undefined) {
        for (const { done } of together) done.reject(error);
        return [];
      }
    }
    const alone: Committed<Settled>[] = [];
    for (const one of together) alone.push(...(await settleTogether([one])));
    return alone;
  }

  async function finish(batches: readonly WaitingBatch[], settled: Settled): Promise<void> {
    try {
      await deps.afterCommit(
        batches.map(({ batch }) => batch),
        settled,
      );
      for (const { done } of batches) done.resolve();
    } catch (error) {
      for (const { done } of batches) done.reject(error);
    }
  }

  return (batch) => {
    const done = Promise.withResolvers<void>();
    const bytes = batch.records.reduce((sum, { value }) => sum + value.length, 0);
    waiting = [...waiting, { batch, bytes, done }];
    startNext();
    return done.promise;
  };
}

interface Committed<Settled> {
  readonly batches: readonly WaitingBatch[];
  readonly settled: Settled;
}

/** How many of those that wait go together, and whether no further one would have had room. */
function nextTogether(
  waiting: readonly WaitingBatch[],
  { maxCount, maxBytes }: { readonly maxCount: number; readonly maxBytes: number },
): { readonly count: number; readonly isFull: boolean } {
  let records = 0;
  let bytes = 0;
  for (const [index, one] of waiting.entries()) {
    records += one.batch.records.length;
    bytes += one.bytes;
    if (index > 0 && (records > maxCount || bytes > maxBytes))
      return { count: index, isFull: true };
  }
  return { count: waiting.length, isFull: records >= maxCount || bytes >= maxBytes };
}
