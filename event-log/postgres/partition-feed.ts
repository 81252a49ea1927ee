/** The records of one partition in order, cut into batches, read a little ahead of the reader. */

import { appError } from "@tillcast/core";
import type { PartitionFeed } from "../group/partition-feed.ts";
import { countWithin } from "../limit-records.ts";
import type { LogRecord, SubscribeLimits } from "../port.ts";
import type { LogEnds } from "./ends.ts";
import type { ReadRecords } from "./read-records.ts";
import type { Topic } from "./topics.ts";

export interface FeedDeps {
  readonly read: ReadRecords;
  readonly ends: LogEnds;
  readonly topic: Topic;
  readonly partition: number;
  readonly limits: SubscribeLimits;
}

/** Makes a feed that begins at `start`. Holds at most two batches' worth and one stored batch. */
export function makePartitionFeed(deps: FeedDeps, start: bigint): PartitionFeed {
  const { ends, topic, partition } = deps;
  const { batchMaxCount, batchMaxBytes } = deps.limits;
  const limits = { maxCount: batchMaxCount, maxBytes: batchMaxBytes };
  let buffer: readonly LogRecord[] = [];
  /** Where the next batch begins, and where the next reading does. */
  let position = start;
  let next = start;
  let ahead: Promise<readonly LogRecord[]> | undefined;

  async function fill(): Promise<void> {
    const reading = ahead ?? read();
    ahead = undefined;
    const records = await reading;
    const first = records[0];
    if (first === undefined || first.offset !== next) {
      const found = first === undefined ? "nothing" : String(first.offset);
      throw appError("internal", {
        reason: `${topic.topic}/${partition} has ${found} where ${next} should be`,
      });
    }
    next += BigInt(records.length);
    buffer = buffer.length === 0 ? records : [...buffer, ...records];
  }

  function read(): Promise<readonly LogRecord[]> {
    return deps.read(topic, partition, next, limits);
  }

  function hasMore(): boolean {
    return ends.endOf(topic.ordinal, partition) > next;
  }

  return {
    async take(stopping) {
      await ends.waitBeyond(topic.ordinal, partition, position, stopping);
      if (stopping.aborted) return undefined;
      if (buffer.length === 0 || (hasMore() && countWithin(buffer, limits) === buffer.length)) {
        await fill();
      }
      const count = countWithin(buffer, limits);
      const batch = buffer.slice(0, count);
      buffer = buffer.slice(count);
      if (buffer.length === 0 && hasMore()) {
        ahead = read();
        // Its fault is heard when the next batch is taken.
        ahead.catch(() => undefined);
      }
      // This log has no gaps, so that positions can be counted.
      position += BigInt(count);
      return { records: batch, nextPosition: position };
    },
    close: () => undefined,
  };
}
