/**
 * Combines the appends of one topic in this process into few large ones. One runs at a time, which keeps
 * the order of a caller's appends. Records that arrive meanwhile go into the next one.
 */

import { AppError, appError } from "@tillcast/core";
import { databaseErrorCode } from "@tillcast/core/database";
import type { LogMetrics } from "../log-metrics.ts";
import { makePartitioner } from "../partitioner.ts";
import type { NewRecord, Position } from "../port.ts";
import type { AppendLimits } from "./append-limits.ts";
import {
  groupByPartition,
  measureRecords,
  type PartitionRecords,
  type RecordIndex,
  splitRecords,
} from "./arrange-records.ts";

/** A durable batch of one partition. */
export interface CommittedBatch {
  readonly partition: number;
  readonly baseOffset: bigint;
  readonly appendedAt: number;
  readonly records: readonly NewRecord[];
}

export interface AppenderDeps {
  readonly metrics: LogMetrics;
  readonly limits: AppendLimits;
  /** Stores one batch per partition durably. Resolves with the batches at the same indexes. */
  readonly store: (parts: readonly PartitionRecords[]) => Promise<readonly CommittedBatch[]>;
  /** Called when the log no longer has the topic. */
  readonly onTopicGone: () => void;
}

export interface TopicAppender {
  /** Resolves when all records are durable. */
  append(records: readonly NewRecord[]): Promise<readonly Position[]>;
  /** Resolves when no record waits. */
  drain(): Promise<void>;
}

/** Consecutive records of one call that are stored together. */
interface Piece {
  readonly records: readonly NewRecord[];
  readonly bytes: number;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: Error) => void;
}

/** Makes the appender of one topic. */
export function makeTopicAppender(
  deps: AppenderDeps,
  topic: { readonly topic: string; readonly partitions: number },
): TopicAppender {
  const { limits, metrics } = deps;
  const partitionOfKey = makePartitioner(topic.partitions);
  const labels = { topic: topic.topic };
  let queue: Piece[] = [];
  let queuedCount = 0;
  let queuedBytes = 0;
  let flushing: Promise<void> | undefined;
  let lastFlushAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let scheduled = false;
  let draining = false;

  function schedule(): void {
    if (flushing !== undefined || scheduled || queue.length === 0) return;
    const isFull =
      queuedCount >= limits.appendBatchMaxCount || queuedBytes >= limits.appendBatchMaxBytes;
    const waitMs = lastFlushAt + limits.appendLingerMs - performance.now();
    if (isFull || draining || waitMs <= 0) {
      clearTimeout(timer);
      timer = undefined;
      scheduled = true;
      // A microtask later, so that appends of the same turn of the event loop are combined.
      queueMicrotask(startFlush);
    } else {
      timer ??= setTimeout(onLingered, waitMs);
    }
  }

  function onLingered(): void {
    timer = undefined;
    if (flushing !== undefined || scheduled) return;
    startFlush();
  }

  function startFlush(): void {
    scheduled = false;
    lastFlushAt = performance.now();
    flushing = flush(takePieces()).finally(() => {
      flushing = undefined;
      schedule();
    });
  }

  function takePieces(): Piece[] {
    let count = 0;
    let bytes = 0;
    let taken = 0;
    for (const piece of queue) {
      count += piece.records.length;
      bytes += piece.bytes;
      const isOver = count > limits.appendBatchMaxCount || bytes > limits.appendBatchMaxBytes;
      if (isOver && taken > 0) break;
      taken += 1;
    }
    const pieces = queue.slice(0, taken);
    queue = queue.slice(taken);
    return pieces;
  }

  async function flush(pieces: readonly Piece[]): Promise<void> {
    const { parts, indexes } = groupByPartition(
      pieces.flatMap((piece) => piece.records),
      partitionOfKey,
    );
    const stopTimer = metrics.appendSeconds.startTimer(labels);
    try {
      const batches = await deps.store(parts);
      metrics.appendedRecords.inc(labels, indexes.length);
      answer(pieces, indexes, batches);
    } catch (error) {
      if (error instanceof AppError && error.code === "notFound") deps.onTopicGone();
      const failure = asAppendFailure(error);
      for (const piece of pieces) piece.reject(failure);
    } finally {
      stopTimer();
      for (const piece of pieces) account(-piece.records.length, -piece.bytes);
    }
  }

  function account(count: number, bytes: number): void {
    queuedCount += count;
    queuedBytes += bytes;
    metrics.queuedRecords.set(labels, queuedCount);
  }

  function enqueue(records: readonly NewRecord[], bytes: number): Promise<readonly Position[]> {
    return new Promise((resolve, reject) => {
      queue.push({ records, bytes, resolve, reject });
      account(records.length, bytes);
      schedule();
    });
  }

  return {
    async append(records) {
      const bytes = measureRecords(records, limits);
      const isOverFull =
        queuedCount + records.length > limits.appendQueueMaxCount ||
        queuedBytes + bytes > limits.appendQueueMaxBytes;
      // An empty queue takes a single call above the limit; otherwise no retry could ever succeed.
      if (isOverFull && queuedCount > 0) {
        metrics.refusedAppends.inc(labels);
        throw appError("overloaded", { what: `The log of ${topic.topic}`, retryAfterSeconds: 1 });
      }
      const pieces = splitRecords(records, limits).map((part) => enqueue(part.records, part.bytes));
      return (await Promise.all(pieces)).flat();
    },
    async drain() {
      draining = true;
      schedule();
      while (flushing !== undefined || scheduled || queue.length > 0) {
        await (flushing ?? Promise.resolve());
      }
    },
  };
}

function answer(
  pieces: readonly Piece[],
  indexes: readonly RecordIndex[],
  batches: readonly CommittedBatch[],
): void {
  let at = 0;
  for (const piece of pieces) {
    const positions = indexes.slice(at, at + piece.records.length).map(({ part, index }) => {
      const batch = batches[part] as CommittedBatch;
      return { partition: batch.partition, offset: batch.baseOffset + BigInt(index) };
    });
    at += piece.records.length;
    piece.resolve(positions);
  }
}

/** A broken connection leaves it unknown whether the records were stored. The caller appends again. */
function asAppendFailure(error: unknown): Error {
  if (error instanceof AppError) return error;
  const reason =
    databaseErrorCode(error) ?? (error instanceof Error ? error.message : String(error));
  return appError("logUnavailable", { reason }, { cause: error });
}
