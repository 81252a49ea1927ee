/** Asks the brokers for the first stored offset and the next offset of a topic's partitions. */

import type { KafkaConsumer } from "./clients.ts";
import { asKafkaUnavailable } from "./kafka-errors.ts";
import type { KafkaTopic } from "./topics.ts";

/** One partition's bounds. */
export interface PartitionBounds {
  readonly partition: number;
  readonly start: bigint;
  readonly end: bigint;
}

/** Special timestamps of Kafka's ListOffsets. */
const earliest = -2n;
const latest = -1n;

/** Reads a topic's bounds, by partition. */
export async function loadBounds(
  consumer: KafkaConsumer,
  { topic, partitions }: KafkaTopic,
): Promise<readonly PartitionBounds[]> {
  const starts = await offsetsAt(consumer, topic, earliest);
  const ends = await offsetsAt(consumer, topic, latest);
  return Array.from({ length: partitions }, (_, partition) => ({
    partition,
    start: starts[partition] ?? 0n,
    end: ends[partition] ?? 0n,
  }));
}

/** Per partition, the first offset appended at or after an instant (UTC milliseconds); -1 if there is none. */
export async function loadOffsetsSince(
  consumer: KafkaConsumer,
  { topic }: KafkaTopic,
  instantMs: number,
): Promise<readonly bigint[]> {
  return offsetsAt(consumer, topic, BigInt(Math.max(instantMs, 0)));
}

async function offsetsAt(
  consumer: KafkaConsumer,
  topic: string,
  timestamp: bigint,
): Promise<readonly bigint[]> {
  try {
    // Isolation level 0 counts appended records, not only committed ones: an open transaction is lag too.
    const found = await consumer.listOffsets({ topics: [topic], timestamp, isolationLevel: 0 });
    return found.get(topic) ?? [];
  } catch (error) {
    throw asKafkaUnavailable(error);
  }
}
