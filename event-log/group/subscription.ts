/** One member of a group. The membership assigns partitions to it, and it works on each of them. */

import type { Clock, Logger } from "@tillcast/core";
import { failPoint, makeLimiter } from "@tillcast/core";
import { inTransaction } from "@tillcast/core/database";
import type { Pool } from "pg";
import { advanceCheckpoint, lockCheckpoint } from "../checkpoint.ts";
import { saveDeadLetter } from "../dead-letters.ts";
import type { LogMetrics } from "../log-metrics.ts";
import type { SubscribeOptions, Subscription } from "../port.ts";
import { makeSetAsideLimit } from "../set-aside-limit.ts";
import type { PoisonRecord } from "../settle-batch.ts";
import type { BatchReader } from "./batch-reader.ts";
import type { GroupLimits } from "./group-limits.ts";
import type { Membership } from "./membership.ts";
import {
  type PartitionWorker,
  type SharedTopic,
  startPartitionWorker,
} from "./partition-worker.ts";

export interface SubscriptionDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits: GroupLimits;
  readonly metrics: LogMetrics;
  readonly membership: Membership;
  /** Stores the group with its checkpoints. Resolves with the number of its locks. */
  readonly register: () => Promise<number>;
  /** The position that the group continues from. Throws a named error if the checkpoint does not fit the log. */
  readonly loadPosition: (partition: number) => Promise<bigint>;
  readonly openReader: (partition: number, start: bigint) => BatchReader;
}

/** Joins the group and starts to settle. */
export async function startSubscription(
  deps: SubscriptionDeps,
  topic: SharedTopic,
  options: SubscribeOptions,
): Promise<Subscription> {
  const lockClass = await deps.register();
  const limit = makeLimiter({ atOnce: options.limits.partitionsAtOnce });
  const workers = new Map<number, PartitionWorker>();
  /** The last work on each partition. It may end a moment after the partition was given back. */
  const lastWork = new Map<number, Promise<void>>();

  const joined = deps.membership.join({
    lockClass,
    partitions: topic.partitions,
    onTaken(partition) {
      const after = lastWork.get(partition) ?? Promise.resolve();
      const worker = startPartitionWorker({
        ...workerDeps(deps, topic, options, partition),
        limit,
        after,
      });
      workers.set(partition, worker);
      lastWork.set(partition, worker.done);
    },
    async onGiveBack(partition) {
      const worker = workers.get(partition);
      await worker?.stop();
      if (workers.get(partition) === worker) workers.delete(partition);
    },
    onLost() {
      for (const worker of workers.values()) worker.abort();
      workers.clear();
    },
  });

  async function leave(): Promise<void> {
    await joined.leave();
    await Promise.all(lastWork.values());
  }

  let leaving: Promise<void> | undefined;
  return {
    close() {
      leaving ??= leave();
      return leaving;
    },
    ownedPartitions: () => [...workers.keys()].sort((a, b) => a - b),
  };
}

function workerDeps(
  deps: SubscriptionDeps,
  topic: SharedTopic,
  options: SubscribeOptions,
  partition: number,
) {
  const { metrics } = deps;
  const labels = { topic: topic.topic, group: options.group };
  let stoppedBy: string | undefined;
  return {
    topic,
    partition,
    limits: deps.limits,
    log: deps.log,
    loadPosition: () => deps.loadPosition(partition),
    openReader: (start: bigint) => deps.openReader(partition, start),
    onTaken: async () => {
      await options.onPartitionTaken?.(partition);
    },
    settle: options.settle,
    setAside: async (letter: PoisonRecord) => {
      await setAside(deps, topic, options.group, letter);
      await failPoint("log.afterSetAside");
      metrics.deadLetters.inc(labels);
      deps.log.error(
        { ...labels, partition, offset: letter.record.offset, reason: letter.reason },
        "record set aside",
      );
    },
    onSettled: (recordCount: number) => metrics.settledRecords.inc(labels, recordCount),
    onRetry: () => metrics.settleRetries.inc(labels),
    setAsideLimit: makeSetAsideLimit(deps.limits.setAsideMax, options.group),
    onStopped(code: string | undefined) {
      if (code === stoppedBy) return;
      if (stoppedBy !== undefined) metrics.stoppedPartitions.dec({ ...labels, code: stoppedBy });
      if (code !== undefined) metrics.stoppedPartitions.inc({ ...labels, code });
      stoppedBy = code;
    },
  };
}

async function setAside(
  deps: SubscriptionDeps,
  topic: SharedTopic,
  group: string,
  letter: PoisonRecord,
): Promise<void> {
  const { topicId } = topic;
  const key = { group, topic: topic.topic, topicId, partition: letter.record.partition };
  await inTransaction(deps.pool, async (tx) => {
    await lockCheckpoint(tx, key, letter.position);
    const cause = { ...key, reason: letter.reason, at: deps.clock.now() };
    await saveDeadLetter(tx, letter.record, cause);
    await advanceCheckpoint(tx, { ...key, from: letter.position, to: letter.nextPosition });
  });
}
