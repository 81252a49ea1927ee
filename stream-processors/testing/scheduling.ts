import type { LogBatch } from "@tillcast/event-log";
import { type BatchSchedulerDeps, makeBatchScheduler } from "../ledger/batch-scheduler.ts";

/** The partitions of some batches. */
export const partitionsOf = (batches: readonly LogBatch[]): number[] =>
  batches.map(({ partition }) => partition);

/** A batch of a partition, with records of ten bytes. */
export function batchOf(
  partition: number,
  records = 1,
  signal: AbortSignal = new AbortController().signal,
): LogBatch {
  const value = Buffer.alloc(10);
  const one = { partition, key: "k", value, headers: {}, appendedAt: 0 };
  return {
    topic: "t",
    topicId: "id",
    partition,
    records: Array.from({ length: records }, (_, index) => ({ ...one, offset: BigInt(index) })),
    position: 0n,
    nextPosition: BigInt(records),
    signal,
  };
}

const limits = { transactionsAtOnce: 1, maxCount: 10, maxBytes: 1_000 };
/** What a transaction settled is told by the partitions of its batches. */
type Options = Partial<BatchSchedulerDeps<number[]> & BatchSchedulerDeps<number[]>["live"]>;

/** A schedule whose transactions end when told. */
export function scheduling(options: Options = {}) {
  const begun: { partitions: number[]; end: PromiseWithResolvers<number[]> }[] = [];
  const published: number[][] = [];
  const scheduler = makeBatchScheduler<number[]>({
    clock: { now: () => 0 },
    live: { ...limits, ...options },
    history: limits,
    liveDelayMaxMs: 100,
    settle(batches) {
      const end = Promise.withResolvers<number[]>();
      begun.push({ partitions: partitionsOf(batches), end });
      return end.promise;
    },
    async publish(partitions) {
      published.push(partitions);
    },
    ...options,
  });
  const ended = async (index: number) => {
    begun[index]?.end.resolve(begun[index].partitions);
    await new Promise(setImmediate);
  };
  const partitions = () => begun.map((one) => one.partitions);
  return { ...scheduler, settle: scheduler.settleLive, begun, published, ended, partitions };
}
