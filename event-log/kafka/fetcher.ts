import { makePartitionReader, type PartitionReader } from "./partition-reader.ts";
import { openSharedFetch, type SharedFetch, type SharedFetchDeps } from "./shared-fetch.ts";
import type { KafkaTopic } from "./topics.ts";

/** A reader of a followed partition. */
export interface FollowedPartition {
  readonly reader: PartitionReader;
  close(): void;
}

/** Follows partitions for all subscriptions and tails of a process. */
export interface Fetcher {
  follow(topic: KafkaTopic, partition: number, from: bigint): FollowedPartition;
  close(): Promise<void>;
}

/**
 * Makes the process's fetcher. All followed partitions use one shared fetch. Only a partition that is
 * followed twice, for example by two groups, needs a second one.
 */
export function makeFetcher(deps: SharedFetchDeps): Fetcher {
  const sharedFetches: SharedFetch[] = [];

  function fetchFor(topicId: string, partition: number): SharedFetch {
    const free = sharedFetches.find((shared) => !shared.follows(topicId, partition));
    if (free !== undefined) return free;
    const shared = openSharedFetch(deps);
    sharedFetches.push(shared);
    return shared;
  }

  return {
    follow(topic, partition, from) {
      const shared = fetchFor(topic.topicId, partition);
      const reader = makePartitionReader({
        topic: topic.topic,
        topicId: topic.topicId,
        partition,
        from,
        aheadMaxBytes: deps.limits.fetchAheadMaxBytes,
        onRoom: () => shared.wake(),
      });
      shared.add(reader, topic.leaders[partition] ?? -1);
      return { reader, close: () => shared.remove(reader) };
    },
    async close() {
      await Promise.all(sharedFetches.map((shared) => shared.close()));
    },
  };
}
