/** Reads a partition from a given position, as replay does. */

import type { LogRecord, ReadOptions } from "../port.ts";
import { countWithin } from "../read-limits.ts";
import { loadBounds } from "./bounds.ts";
import type { KafkaConsumer } from "./clients.ts";
import { decodeBatches } from "./decode-records.ts";
import type { KafkaLogLimits } from "./kafka-limits.ts";
import { retrying } from "./retrying.ts";
import type { KafkaTopic, KafkaTopics } from "./topics.ts";

export type ReadRecords = (wanted: ReadOptions) => Promise<readonly LogRecord[]>;

/** Makes the read function. It reads one after the other, because a consumer runs one fetch at a time. */
export function makeReadRecords(deps: {
  readonly consumer: KafkaConsumer;
  readonly topics: KafkaTopics;
  readonly limits: KafkaLogLimits;
}): ReadRecords {
  const { consumer, topics, limits } = deps;
  let last: Promise<unknown> = Promise.resolve();

  const read = (wanted: ReadOptions) =>
    retrying(limits, async (attempt) => {
      const find = attempt === 0 ? topics.load : topics.refresh;
      return readOnce(await find(wanted.topic), wanted);
    });

  async function readOnce(topic: KafkaTopic, wanted: ReadOptions): Promise<readonly LogRecord[]> {
    const { partition, from, maxCount, maxBytes } = wanted;
    const bounds = (await loadBounds(consumer, topic))[partition];
    if (bounds === undefined) return [];
    const records: LogRecord[] = [];
    let bytes = 0;
    let next = from > bounds.start ? from : bounds.start;
    while (next < bounds.end && records.length < maxCount && bytes < maxBytes) {
      const { responses } = await consumer.fetch({
        node: topic.leaders[partition] ?? -1,
        minBytes: 1,
        maxBytes: limits.fetchMaxBytes,
        maxWaitTime: limits.fetchMaxWaitMs,
        topics: [
          {
            topicId: topic.topicId,
            partitions: [
              {
                partition,
                currentLeaderEpoch: -1,
                fetchOffset: next,
                lastFetchedEpoch: -1,
                partitionMaxBytes: limits.fetchMaxBytes,
              },
            ],
          },
        ],
      });
      // No records: an open transaction hides what follows.
      const batches = responses[0]?.partitions[0]?.records ?? [];
      if (batches.length === 0) break;
      const fetched = decodeBatches(partition, batches, next);
      for (const record of fetched.records) {
        records.push(record);
        bytes += record.value.length;
      }
      next = fetched.next;
    }
    return records.slice(0, countWithin(records, wanted));
  }

  return (wanted) => {
    const reading = last.then(() => read(wanted));
    last = reading.catch(() => undefined);
    return reading;
  };
}
