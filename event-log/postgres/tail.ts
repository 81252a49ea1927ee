/** Reads a topic from its end on, without group and checkpoint, for readers of hints. */

import type { Logger } from "@tillcast/core";
import { pause, retryPauseMs } from "@tillcast/core";
import type { Pool } from "pg";
import type { Subscription, TailOptions } from "../port.ts";
import { loadBounds } from "./bounds.ts";
import type { LogEnds } from "./ends.ts";
import type { PostgresLogLimits } from "./postgres-limits.ts";
import type { ReadRecords } from "./read-records.ts";
import type { Topic } from "./topics.ts";

export interface TailDeps {
  readonly pool: Pool;
  readonly log: Logger;
  readonly ends: LogEnds;
  readonly read: ReadRecords;
  readonly limits: PostgresLogLimits;
}

/** Limits of one read: large enough to catch up quickly, small enough for memory. */
const tailReadLimits = { maxCount: 1_000, maxBytes: 4_194_304 };

/** Starts to follow. Records that are appended after it resolves are handed on. */
export async function startTail(
  deps: TailDeps,
  topic: Topic,
  options: TailOptions,
): Promise<Subscription> {
  const bounds = await loadBounds(deps.pool, topic);
  const unwatch = deps.ends.watch(topic.ordinal);
  const closing = new AbortController();
  const followers = bounds.map(({ partition, end }) =>
    followPartition(deps, topic, options, partition, end, closing.signal),
  );
  return {
    async close() {
      closing.abort();
      await Promise.all(followers);
      unwatch();
    },
    ownedPartitions: () => bounds.map(({ partition }) => partition),
  };
}

async function followPartition(
  deps: TailDeps,
  topic: Topic,
  options: TailOptions,
  partition: number,
  start: bigint,
  closing: AbortSignal,
): Promise<void> {
  let position = start;
  let faults = 0;
  for (;;) {
    await deps.ends.waitBeyond(topic.ordinal, partition, position, closing);
    if (closing.aborted) return;
    try {
      const records = await deps.read(topic, partition, position, tailReadLimits);
      if (closing.aborted) return;
      const last = records.at(-1);
      if (last === undefined) throw new Error(`nothing lies at ${position}`);
      position = last.offset + 1n;
      faults = 0;
      options.onRecords(records);
    } catch (error) {
      deps.log.warn({ err: error, topic: topic.topic, partition }, "tail failed; it is retried");
      await pause(retryPauseMs(faults, deps.limits), closing);
      faults += 1;
    }
  }
}
