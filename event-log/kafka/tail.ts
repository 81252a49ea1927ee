/** Follows a topic from its end, for readers to whom records are hints: no checkpoint, no group. */

import type { Logger } from "@tillcast/core";
import { pause, retryPauseMs } from "@tillcast/core";
import type { Subscription, TailOptions } from "../port.ts";
import type { PartitionBounds } from "./bounds.ts";
import type { Fetcher } from "./fetcher.ts";
import type { KafkaLogLimits } from "./limits.ts";
import type { KafkaTopic, KafkaTopics } from "./topics.ts";

export interface TailDeps {
  readonly fetcher: Fetcher;
  readonly topics: KafkaTopics;
  readonly loadBounds: (topic: KafkaTopic) => Promise<readonly PartitionBounds[]>;
  readonly limits: KafkaLogLimits;
  readonly log: Logger;
}

/** What is handed on at once: enough to catch up quickly, little enough to stay small. */
const tailReadLimits = { maxCount: 1_000, maxBytes: 4_194_304 };

/** Begins to follow; what is appended after it resolves is handed on. */
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
      // The topic was made anew, or retention passed us: what lies between is told again by its writers.
      deps.log.warn({ err: error, topic: topic.topic, partition }, "tail begins again at the end");
      await pause(retryPauseMs(faults, deps.limits), closing);
      const begun = await beginAgain(deps, topic.topic, partition).catch(() => undefined);
      if (begun !== undefined) ({ present, from } = begun);
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

async function beginAgain(
  deps: TailDeps,
  name: string,
  partition: number,
): Promise<{ readonly present: KafkaTopic; readonly from: bigint }> {
  const present = await deps.topics.refresh(name);
  const bounds = await deps.loadBounds(present);
  return { present, from: bounds[partition]?.end ?? 0n };
}
