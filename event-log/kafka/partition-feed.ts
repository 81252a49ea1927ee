import type { PartitionFeed } from "../group/partition-feed.ts";
import type { SubscribeLimits } from "../port.ts";
import type { FollowedPartition } from "./fetcher.ts";

/** A followed partition, cut into batches of a subscription's size. */
export function makePartitionFeed(
  { reader, close }: FollowedPartition,
  { batchMaxCount, batchMaxBytes }: SubscribeLimits,
): PartitionFeed {
  const limits = { maxCount: batchMaxCount, maxBytes: batchMaxBytes };
  return { take: (stopping) => reader.take(limits, stopping), close };
}
