/**
 * Works on one partition while this member owns it. It loads the checkpoint, then reads and settles one
 * batch after the other. After an error it starts again from the checkpoint.
 */

import type { Limiter, Logger } from "@tillcast/core";
import { findAppError, pause, retryPauseMs } from "@tillcast/core";
import type { LogBatch } from "../port.ts";
import type { SetAsideLimit } from "../set-aside-limit.ts";
import { type PoisonRecord, type SettleOutcome, settleBatch } from "../settle-batch.ts";
import type { BatchReader } from "./batch-reader.ts";
import type { GroupLimits } from "./group-limits.ts";

/** What a group needs to know of a topic. */
export interface SharedTopic {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: number;
}

export interface PartitionWorkerDeps {
  readonly topic: SharedTopic;
  readonly partition: number;
  /** Shared by all partitions of the subscription: at most `partitionsAtOnce` batches run at a time. */
  readonly limit: Limiter;
  readonly limits: GroupLimits;
  readonly log: Logger;
  readonly loadPosition: () => Promise<bigint>;
  /** Reads the partition's records from a position on. */
  readonly openReader: (start: bigint) => BatchReader;
  readonly onTaken: () => Promise<void>;
  readonly settle: (batch: LogBatch) => Promise<void>;
  readonly setAside: (letter: PoisonRecord) => Promise<void>;
  /** Called with the number of records after each settled batch. */
  readonly onSettled: (recordCount: number) => void;
  readonly onRetry: () => void;
  /** Called with the error code that stopped the partition, and with undefined when it continues. */
  readonly onStopped: (code: string | undefined) => void;
  /** Limits how many of the partition's records are set aside. */
  readonly setAsideLimit: SetAsideLimit;
  /** Resolves when earlier work on this partition has ended. */
  readonly after: Promise<void>;
}

export interface PartitionWorker {
  /** Stops after the current batch. */
  stop(): Promise<void>;
  /** Stops at once, by the signal that each batch carries. */
  abort(): void;
  /** Resolves when all work has ended. */
  readonly done: Promise<void>;
}

/** Errors that an operator must resolve, and for how long each is retried like any other error. */
const stoppingCodes = new Map<string, (limits: GroupLimits) => number>([
  ["topicChanged", () => 0],
  ["checkpointBeyondEnd", () => 0],
  ["checkpointBelowStart", () => 0],
  ["schemaUnreadable", () => 0],
  ["schemaMissing", (limits) => limits.schemaWaitMs],
  ["tooManySetAside", () => 0],
]);

/** The code of an error that stops the partition after `sinceMs` of retries. */
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
  let isAnnounced = false;
  while (!stopping.aborted) {
    try {
      const position = await deps.loadPosition();
      deps.onStopped(undefined);
      if (!isAnnounced) await deps.onTaken();
      isAnnounced = true;
      await follow(deps, position, stopping, lost, () => {
        faults = 0;
      });
      // Another member moved the checkpoint, or the worker is stopping.
      await pause(retryPauseMs(faults, deps.limits), stopping);
    } catch (error) {
      await pauseAfterFault(deps, error, faults, stopping);
    }
    faults += 1;
  }
  deps.onStopped(undefined);
}

/** Settles batches until the checkpoint no longer matches the position that was read. */
async function follow(
  deps: PartitionWorkerDeps,
  start: bigint,
  stopping: AbortSignal,
  lost: AbortSignal,
  onProgress: () => void,
): Promise<void> {
  const reader = deps.openReader(start);
  try {
    await settleBatches(deps, reader, { start, stopping, lost, onProgress });
  } finally {
    reader.close();
  }
}

async function settleBatches(
  deps: PartitionWorkerDeps,
  reader: BatchReader,
  options: {
    readonly start: bigint;
    readonly stopping: AbortSignal;
    readonly lost: AbortSignal;
    readonly onProgress: () => void;
  },
): Promise<void> {
  const { topic, partition } = deps;
  const { stopping, lost, onProgress } = options;
  let position = options.start;
  for (;;) {
    const taken = await reader.take(stopping);
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
      // A batch that waits for its retry does not count as running.
      settle: (part) =>
        deps.limit(async () => {
          if (!stopping.aborted) await deps.settle(part);
          else throw new Error("stopped before the batch started");
        }),
      setAside: deps.setAside,
      setAsideLimit: deps.setAsideLimit,
      isStopping: () => stopping.aborted,
      pauseBeforeRetry: (attempt, error) => {
        deps.onRetry();
        const code = stoppingCode(error, deps.limits, performance.now() - startedAt);
        if (code !== undefined) return pauseStopped(deps, code, error, stopping);
        const { topic, partition, position } = batch;
        deps.log.warn(
          { err: error, topic, partition, position, attempt },
          "batch failed; it is retried",
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
  const fields = { topic: deps.topic.topic, partition: deps.partition };
  const code = stoppingCode(error, deps.limits, 0);
  if (code !== undefined) return pauseStopped(deps, code, error, stopping);
  deps.log.warn({ err: error, ...fields }, "partition cannot be read; it is retried");
  return pause(retryPauseMs(faults, deps.limits), stopping);
}

/** Reports that the partition is stopped, and waits for the next check. */
async function pauseStopped(
  deps: PartitionWorkerDeps,
  code: string,
  error: unknown,
  stopping: AbortSignal,
): Promise<void> {
  const fields = { topic: deps.topic.topic, partition: deps.partition };
  deps.onStopped(code);
  deps.log.error({ err: error, code, ...fields }, "partition stopped");
  await pause(deps.limits.stoppedRecheckMs, stopping);
}
