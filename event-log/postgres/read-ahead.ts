/** Reads the records of one partition in batches, one batch ahead of its user. */

import { appError } from "@tillcast/core";
import type { BatchReader } from "../group/batch-reader.ts";
import type { LogRecord, SubscribeLimits } from "../port.ts";
import { countWithin } from "../read-limits.ts";
import type { LogEnds } from "./ends.ts";
import type { ReadRecords } from "./read-records.ts";
import type { Topic } from "./topics.ts";

export interface ReadAheadDeps {
  readonly read: ReadRecords;
  readonly ends: LogEnds;
  readonly topic: Topic;
  readonly partition: number;
  readonly limits: SubscribeLimits;
}

/** Makes a reader that starts at `start`. It buffers at most two batches and one stored batch. */
export function makeReadAhead(deps: ReadAheadDeps, start: bigint): BatchReader {
  const { ends, topic, partition } = deps;
  const { batchMaxCount, batchMaxBytes } = deps.limits;
  const limits = { maxCount: batchMaxCount, maxBytes: batchMaxBytes };
  let buffer: readonly LogRecord[] = [];
  /** The start of the next batch, and the start of the next read. */
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
        // An error of this read is thrown when the next batch is taken.
        ahead.catch(() => undefined);
      }
      // This log has no gaps, so that positions can be counted.
      position += BigInt(count);
      return { records: batch, nextPosition: position };
    },
    close: () => undefined,
  };
}
