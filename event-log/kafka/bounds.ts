/** The first offset kept and the next offset of a topic's partitions, asked of the brokers. */

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

/** By partition, the first offset appended at or after an instant (UTC milliseconds); -1 where none is. */
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
    // Level 0 counts what is appended, not what is committed: an open transaction is lag as well.
    const found = await consumer.listOffsets({ topics: [topic], timestamp, isolationLevel: 0 });
    return found.get(topic) ?? [];
  } catch (error) {
    throw asKafkaUnavailable(error);
  }
}
