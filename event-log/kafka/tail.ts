/** Reads a topic from its end on, without group and checkpoint, for readers of hints. */

import type { Logger } from "@tillcast/core";
import { pause, retryPauseMs } from "@tillcast/core";
import type { Subscription, TailOptions } from "../port.ts";
import type { PartitionBounds } from "./bounds.ts";
import type { Fetcher } from "./fetcher.ts";
import type { KafkaLogLimits } from "./kafka-limits.ts";
import type { KafkaTopic, KafkaTopics } from "./topics.ts";

export interface TailDeps {
  readonly fetcher: Fetcher;
  readonly topics: KafkaTopics;
  readonly loadBounds: (topic: KafkaTopic) => Promise<readonly PartitionBounds[]>;
  readonly limits: KafkaLogLimits;
  readonly log: Logger;
}

/** Limits of one read: large enough to catch up quickly, small enough for memory. */
const tailReadLimits = { maxCount: 1_000, maxBytes: 4_194_304 };

/** Starts to follow. Records that are appended after it resolves are handed on. */
export async function startTail(
  deps: TailDeps,
  topic: KafkaTopic,
  options: TailOptions,
): Promise<Subscription> {
  const bounds = await deps.loadBounds(topic);
  const closing = new AbortController();
  const followers = bounds.map(({ partition, end }) =>
    followPartition(deps, topic, options, { partition, end }, closing.signal),
  );
  return {
    async close() {
      closing.abort();
      await Promise.all(followers);
    },
    ownedPartitions: () => bounds.map(({ partition }) => partition),
  };
}

async function followPartition(
  deps: TailDeps,
  topic: KafkaTopic,
  options: TailOptions,
  { partition, end }: { readonly partition: number; readonly end: bigint },
  closing: AbortSignal,
): Promise<void> {
  let present = topic;
  let from = end;
  for (let faults = 0; !closing.aborted; faults += 1) {
    try {
      await handOn(deps, present, options, { partition, from }, closing, () => {
        faults = 0;
      });
      return;
    } catch (error) {
      // The topic was created again, or retention deleted unread records. Their writers repeat the hints.
      deps.log.warn(
        { err: error, topic: topic.topic, partition },
        "tail failed; it restarts at the end of the topic",
      );
      await pause(retryPauseMs(faults, deps.limits), closing);
      const restarted = await restart(deps, topic.topic, partition).catch(() => undefined);
      if (restarted !== undefined) ({ present, from } = restarted);
    }
  }
}

async function handOn(
  deps: TailDeps,
  topic: KafkaTopic,
  options: TailOptions,
  { partition, from }: { readonly partition: number; readonly from: bigint },
  closing: AbortSignal,
  onProgress: () => void,
): Promise<void> {
  const { reader, close } = deps.fetcher.follow(topic, partition, from);
  try {
    for (;;) {
      const taken = await reader.take(tailReadLimits, closing);
      if (taken === undefined) return;
      onProgress();
      options.onRecords(taken.records);
    }
  } finally {
    close();
  }
}

async function restart(
  deps: TailDeps,
  name: string,
  partition: number,
): Promise<{ readonly present: KafkaTopic; readonly from: bigint }> {
  const present = await deps.topics.refresh(name);
  const bounds = await deps.loadBounds(present);
  return { present, from: bounds[partition]?.end ?? 0n };
}
