import { type FetchLane, type FetchLaneDeps, openFetchLane } from "./fetch-lane.ts";
import { makePartitionReader, type PartitionReader } from "./partition-reader.ts";
import type { KafkaTopic } from "./topics.ts";

/** A reader, and the way to let go of it. */
export interface FollowedPartition {
  readonly reader: PartitionReader;
  close(): void;
}

/** Follows partitions for every subscription and tail of a process. */
export interface Fetcher {
  follow(topic: KafkaTopic, partition: number, from: bigint): FollowedPartition;
  close(): Promise<void>;
}

/**
 * Makes the process's fetcher. All followed partitions share one lane; only a partition that is followed
 * twice, by two groups say, needs a further one.
 */
export function makeFetcher(deps: FetchLaneDeps): Fetcher {
  const lanes: FetchLane[] = [];

  function laneFor(topicId: string, partition: number): FetchLane {
    const free = lanes.find((lane) => !lane.follows(topicId, partition));
    if (free !== undefined) return free;
    const lane = openFetchLane(deps);
    lanes.push(lane);
    return lane;
  }

  return {
    follow(topic, partition, from) {
      const lane = laneFor(topic.topicId, partition);
      const reader = makePartitionReader({
        topic: topic.topic,
        topicId: topic.topicId,
        partition,
        from,
        aheadMaxBytes: deps.limits.fetchAheadMaxBytes,
        onRoom: () => lane.wake(),
      });
      lane.add(reader, topic.leaders[partition] ?? -1);
      return { reader, close: () => lane.remove(reader) };
    },
    async close() {
      await Promise.all(lanes.map((lane) => lane.close()));
    },
  };
}
