/**
 * Works through one partition while this member owns it: finds its position, takes batch after batch,
 * settles each before the next, and begins again from the checkpoint after whatever went wrong.
 */

import type { Logger } from "@tillcast/core";
import { findAppError, pause, retryPauseMs } from "@tillcast/core";
import type { LogBatch } from "../port.ts";
import type { SetAsideShare } from "../set-aside-share.ts";
import { type PoisonRecord, type SettleOutcome, settleBatch } from "../settle-batch.ts";
import type { GroupLimits } from "./group-limits.ts";
import type { PartitionFeed } from "./partition-feed.ts";
import type { Slots } from "./slots.ts";

export interface PartitionWorkerDeps {
  readonly topic: Pick<LogBatch, "topic" | "topicId">;
  readonly partition: number;
  /** Shared by the subscription's partitions: `partitionsAtOnce` batches are under way. */
  readonly slots: Slots;
  readonly limits: GroupLimits;
  readonly log: Logger;
  readonly loadPosition: () => Promise<bigint>;
  /** The partition's records from a position on. */
  readonly openFeed: (start: bigint) => PartitionFeed;
  readonly onTaken: () => Promise<void>;
  readonly settle: (batch: LogBatch) => Promise<void>;
  readonly setAside: (letter: PoisonRecord) => Promise<void>;
  /** Counts what happened. */
  readonly onSettled: (recordCount: number) => void;
  readonly onRetry: () => void;
  /** The code of what stopped the partition; undefined once it goes on. */
  readonly onStopped: (code: string | undefined) => void;
  /** Counts what was set aside of it. */
  readonly share: SetAsideShare;
  /** Resolves when the work of an earlier ownership has ended. */
  readonly after: Promise<void>;
}

export interface PartitionWorker {
  /** Ends after the batch under way. */
  stop(): Promise<void>;
  /** Ends at once as far as the reader heeds its batch's signal. */
  abort(): void;
  /** Resolves when no work is under way any more. */
  readonly done: Promise<void>;
}

/** These do not pass by themselves: an operator decides. How long each is tried again as others are. */
const stoppingCodes = new Map<string, (limits: GroupLimits) => number>([
  ["topicChanged", () => 0],
  ["checkpointBeyondEnd", () => 0],
  ["checkpointBelowStart", () => 0],
  ["schemaUnreadable", () => 0],
  ["schemaMissing", (limits) => limits.schemaWaitMs],
  ["tooManySetAside", () => 0],
]);

/** The code of a fault that stops the partition, after `sinceMs` of trying. */
function stoppingCode(error: unknown, limits: GroupLimits, sinceMs: number): string | undefined {
  const code = findAppError(error)?.code ?? "";
  const stopsAfterMs = stoppingCodes.get(code)?.(limits);
  return stopsAfterMs !== undefined && sinceMs >= stopsAfterMs ? code : undefined;
}

/** Starts working on a partition. */
export function startPartitionWorker(deps: PartitionWorkerDeps): PartitionWorker {
  const stopping = new AbortController();
  const lost = new AbortController();
  const done = runPartition(deps, stopping.signal, lost.signal);
  return {
    stop() {
      stopping.abort();
      return done;
    },
    abort() {
      stopping.abort();
      lost.abort();
    },
    done,
  };
}

async function runPartition(
  deps: PartitionWorkerDeps,
  stopping: AbortSignal,
  lost: AbortSignal,
): Promise<void> {
  await deps.after;
  let faults = 0;
  let isGreeted = false;
  while (!stopping.aborted) {
    try {
      const position = await deps.loadPosition();
      deps.onStopped(undefined);
      if (!isGreeted) await deps.onTaken();
      isGreeted = true;
      await follow(deps, position, stopping, lost, () => {
        faults = 0;
      });
      // The checkpoint was moved by somebody else, or the worker is to stop.
      await pause(retryPauseMs(faults, deps.limits), stopping);
    } catch (error) {
      await pauseAfterFault(deps, error, faults, stopping);
    }
    faults += 1;
  }
  deps.onStopped(undefined);
}

/** Settles batch after batch; ends when the position in hand is no longer the checkpoint's. */
async function follow(
  deps: PartitionWorkerDeps,
  start: bigint,
  stopping: AbortSignal,
  lost: AbortSignal,
  onProgress: () => void,
): Promise<void> {
  const feed = deps.openFeed(start);
  try {
    await settleFeed(deps, feed, { start, stopping, lost, onProgress });
  } finally {
    feed.close();
  }
}

async function settleFeed(
  deps: PartitionWorkerDeps,
  feed: PartitionFeed,
  way: {
    readonly start: bigint;
    readonly stopping: AbortSignal;
    readonly lost: AbortSignal;
    readonly onProgress: () => void;
  },
): Promise<void> {
  const { topic, partition } = deps;
  const { stopping, lost, onProgress } = way;
  let position = way.start;
  for (;;) {
    const taken = await feed.take(stopping);
    if (taken === undefined) return;
    const { records, nextPosition } = taken;
    const batch: LogBatch = {
      topic: topic.topic,
      topicId: topic.topicId,
      partition,
      records,
      position,
      nextPosition,
      signal: lost,
    };
    const outcome = await settleOrRetry(deps, batch, stopping);
    if (outcome !== "settled") {
      deps.log.info({ topic: topic.topic, partition, position, outcome }, "batch not settled");
      return;
    }
    deps.onStopped(undefined);
    deps.onSettled(records.length);
    onProgress();
    position = nextPosition;
  }
}

function settleOrRetry(
  deps: PartitionWorkerDeps,
  batch: LogBatch,
  stopping: AbortSignal,
): Promise<SettleOutcome> {
  const startedAt = performance.now();
  return settleBatch(
    {
      // A batch that waits for its retry leaves its slot to others.
      settle: (part) =>
        deps.slots.run(async () => {
          if (!stopping.aborted) await deps.settle(part);
          else throw new Error("stopped before the batch began");
        }),
      setAside: deps.setAside,
      share: deps.share,
      isStopping: () => stopping.aborted,
      pauseBeforeRetry: (attempt, error) => {
        deps.onRetry();
        const code = stoppingCode(error, deps.limits, performance.now() - startedAt);
        if (code !== undefined) return pauseStopped(deps, code, error, stopping);
        const { topic, partition, position } = batch;
        deps.log.warn(
          { err: error, topic, partition, position, attempt },
          "batch failed and is tried again",
        );
        return pause(retryPauseMs(attempt, deps.limits), stopping);
      },
    },
    batch,
  );
}

async function pauseAfterFault(
  deps: PartitionWorkerDeps,
  error: unknown,
  faults: number,
  stopping: AbortSignal,
): Promise<void> {
  const place = { topic: deps.topic.topic, partition: deps.partition };
  const code = stoppingCode(error, deps.limits, 0);
  if (code !== undefined) return pauseStopped(deps, code, error, stopping);
  deps.log.warn({ err: error, ...place }, "partition cannot be read and is tried again");
  return pause(retryPauseMs(faults, deps.limits), stopping);
}

/** Says that the partition stands, and waits until it is looked at again. */
async function pauseStopped(
  deps: PartitionWorkerDeps,
  code: string,
  error: unknown,
  stopping: AbortSignal,
): Promise<void> {
  const place = { topic: deps.topic.topic, partition: deps.partition };
  deps.onStopped(code);
  deps.log.error({ err: error, code, ...place }, "partition stopped");
  await pause(deps.limits.stoppedRecheckMs, stopping);
}
