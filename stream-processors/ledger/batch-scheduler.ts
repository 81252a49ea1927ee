/**
 * The schedule of the ledger: what happens to a batch from the moment the log hands it over until the next
 * batch of its partition may come.
 *
 * 1. A batch of history waits while live orders wait too long.
 * 2. It waits for a transaction. A transaction costs as much for three orders as for thirty, so the batches
 *    that wait, each of another partition, settle together in one.
 * 3. The transaction settles all of its batches or none.
 * 4. After the commit the next transaction starts, and the batch waits until the earlier updates of its
 *    partitions are published. Then its own publishing starts and the batch is done: publishing overlaps with
 *    the settling of the next batch, and the updates of a partition keep their order.
 *
 * The schedule is all the state that the ledger processor keeps. It is lost without harm: the log hands over
 * again what no transaction committed.
 */

import { type Clock, failPoint, findAppError } from "@tillcast/core";
import type { LogBatch } from "@tillcast/event-log";

export interface BatchSchedulerDeps<Settled> {
  readonly clock: Clock;
  readonly live: TransactionLimits;
  readonly history: TransactionLimits;
  /** History waits while a live order in work is older than this. */
  readonly liveDelayMaxMs: number;
  /** Settles all of the batches, which are of different partitions, or none. */
  readonly settle: (batches: readonly LogBatch[]) => Promise<Settled>;
  /**
   * Publishes what a transaction changed, and tries again while `goesOn` says so. It may throw at once; the
   * promise never rejects.
   */
  readonly publish: (settled: Settled, goesOn: () => boolean) => Promise<void>;
}

/** How many transactions run at a time, and how much each takes. */
export interface TransactionLimits {
  /** Of these, one at most is not full. */
  readonly transactionsAtOnce: number;
  /** Most records, and most bytes of values, in one transaction; a larger batch comes alone. */
  readonly maxCount: number;
  readonly maxBytes: number;
}

export interface BatchScheduler {
  /** Resolves when the next live batch of the partition may come; rejects when this one was not settled. */
  settleLive(batch: LogBatch): Promise<void>;
  /** The same for a batch of history. */
  settleHistory(batch: LogBatch): Promise<void>;
  /**
   * Closes the intake and publishes what was committed. A publish that fails is no longer repeated, so that
   * an unreachable log does not hold the process.
   */
  stop(closeIntake: () => Promise<unknown>): Promise<void>;
}

/** How long history waits before it looks again whether live orders are through. */
const lookAgainMs = 50;

/** Makes the schedule of one process. */
export function makeBatchScheduler<Settled>(deps: BatchSchedulerDeps<Settled>): BatchScheduler {
  const live = makeQueue(deps.live);
  const history = makeQueue(deps.history);
  /** When the log took the first order of the live batch in work, by partition. */
  const liveSinceMs = new Map<number, number>();
  /** The latest publishing of each partition, which may have ended. */
  const publishing = new Map<string, Promise<void>>();
  let isStopping = false;

  async function settleLive(batch: LogBatch): Promise<void> {
    liveSinceMs.set(batch.partition, batch.records[0]?.appendedAt ?? deps.clock.now());
    try {
      await waitForTransaction(live, batch);
    } finally {
      liveSinceMs.delete(batch.partition);
    }
  }

  async function settleHistory(batch: LogBatch): Promise<void> {
    while (!batch.signal.aborted && liveDelayMs() > deps.liveDelayMaxMs) {
      await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    }
    await waitForTransaction(history, batch);
  }

  function liveDelayMs(): number {
    return liveSinceMs.size === 0 ? 0 : deps.clock.now() - Math.min(...liveSinceMs.values());
  }

  function waitForTransaction(queue: Queue, batch: LogBatch): Promise<void> {
    const done = Promise.withResolvers<void>();
    const bytes = batch.records.reduce((sum, { value }) => sum + value.length, 0);
    queue.waiting.push({ batch, bytes, done });
    startTransactions(queue);
    return done.promise;
  }

  /**
   * A transaction that is not full runs alone of its kind: what arrives meanwhile makes up the next one.
   * While catching up, full transactions run in parallel.
   */
  function startTransactions(queue: Queue): void {
    const { waiting, running, limits } = queue;
    while (running.all < limits.transactionsAtOnce && waiting.length > 0) {
      const { count, isFull } = nextTogether(waiting, limits);
      if (!isFull && running.notFull > 0) return;
      void runTransaction(queue, waiting.splice(0, count), isFull);
    }
  }

  async function runTransaction(
    queue: Queue,
    together: readonly WaitingBatch[],
    isFull: boolean,
  ): Promise<void> {
    const { running } = queue;
    running.all += 1;
    if (!isFull) running.notFull += 1;
    const committed = await settleTogether(together.filter(isStillOwned));
    running.all -= 1;
    if (!isFull) running.notFull -= 1;
    startTransactions(queue);
    for (const one of committed) await publishAndEnd(one);
  }

  /** Resolves with the committed batches. The others were rejected. */
  async function settleTogether(together: readonly WaitingBatch[]): Promise<Committed<Settled>[]> {
    if (together.length === 0) return [];
    try {
      const settled = await deps.settle(together.map(({ batch }) => batch));
      return [{ batches: together, settled }];
    } catch (error) {
      // A named error is about one of the batches. Each is tried alone, and the one that fails hears of it.
      if (together.length === 1 || findAppError(error) === undefined) {
        for (const { done } of together) done.reject(error);
        return [];
      }
    }
    const alone: Committed<Settled>[] = [];
    for (const one of together) alone.push(...(await settleTogether([one])));
    return alone;
  }

  async function publishAndEnd({ batches, settled }: Committed<Settled>): Promise<void> {
    try {
      await publishBehindEarlier(
        batches.map(({ batch }) => batch),
        settled,
      );
      for (const { done } of batches) done.resolve();
    } catch (error) {
      for (const { done } of batches) done.reject(error);
    }
  }

  /** Waits for the earlier publishing of the partitions, and starts that of these batches. */
  async function publishBehindEarlier(
    batches: readonly LogBatch[],
    settled: Settled,
  ): Promise<void> {
    const partitions = batches.map(({ topic, partition }) => `${topic}/${partition}`);
    await Promise.all(partitions.map((partition) => publishing.get(partition)));
    await failPoint("ledger.afterCommit");
    // A member loses its partitions all together, so one signal speaks for all. The next owner
    // announces every store.
    const isLost = () => batches.some(({ signal }) => signal.aborted);
    if (isLost()) return;
    const published = deps.publish(settled, () => !isStopping && !isLost());
    for (const partition of partitions) publishing.set(partition, published);
  }

  async function stop(closeIntake: () => Promise<unknown>): Promise<void> {
    isStopping = true;
    await closeIntake();
    await Promise.all(publishing.values());
  }

  return { settleLive, settleHistory, stop };
}

/** Batches that wait for a transaction, and the transactions under way. */
interface Queue {
  readonly limits: TransactionLimits;
  readonly waiting: WaitingBatch[];
  readonly running: { all: number; notFull: number };
}

interface WaitingBatch {
  readonly batch: LogBatch;
  readonly bytes: number;
  readonly done: PromiseWithResolvers<void>;
}

interface Committed<Settled> {
  readonly batches: readonly WaitingBatch[];
  readonly settled: Settled;
}

const makeQueue = (limits: TransactionLimits): Queue => ({
  limits,
  waiting: [],
  running: { all: 0, notFull: 0 },
});

/** Whether a batch's partition is still this member's; rejects the batch of one that was lost. */
function isStillOwned({ batch, done }: WaitingBatch): boolean {
  if (batch.signal.aborted) {
    done.reject(new Error("the partition was lost before its batch began"));
    return false;
  }
  return true;
}

/** How many of the waiting batches fit into one transaction, and whether no further one would. */
function nextTogether(
  waiting: readonly WaitingBatch[],
  { maxCount, maxBytes }: TransactionLimits,
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
