/** Topics on the brokers: finds them by name, and creates them with a partition count and without compaction. */

import { type Admin, ConfigResourceTypes } from "@platformatic/kafka";
import type { Logger } from "@tillcast/core";
import { appError } from "@tillcast/core";
import type { TopicSettings } from "../port.ts";
import { asKafkaUnavailable, isBrokerError, isUnknownTopic } from "./kafka-errors.ts";

/** A topic as the brokers know it. */
export interface KafkaTopic {
  readonly topic: string;
  readonly topicId: string;
  readonly partitions: number;
  /** The broker that leads each partition, by its node id. */
  readonly leaders: readonly number[];
}

export interface KafkaTopics {
  /** Throws `notFound` for a topic that does not exist. */
  load(topic: string): Promise<KafkaTopic>;
  /** Loads the topic from the brokers again, because leaders move and a topic may be created again. */
  refresh(topic: string): Promise<KafkaTopic>;
  ensure(settings: TopicSettings): Promise<void>;
  /** The retention of each topic that this process ensured. */
  retentions(): ReadonlyMap<string, number | null>;
}

/** Makes a cache of topics. `replicationFactor` -1 leaves it to the brokers. */
export function makeKafkaTopics(
  admin: Admin,
  options: { readonly replicationFactor: number; readonly log: Logger },
): KafkaTopics {
  const known = new Map<string, KafkaTopic>();
  const kept = new Map<string, number | null>();

  async function refresh(topic: string): Promise<KafkaTopic> {
    try {
      const { topics } = await admin.metadata({ topics: [topic], forceUpdate: true });
      const found = topics.get(topic);
      if (found === undefined) throw appError("notFound", { what: `topic ${topic}` });
      const leaders = found.partitions.map(({ leader }) => leader);
      const loaded = { topic, topicId: found.id, partitions: leaders.length, leaders };
      known.set(topic, loaded);
      return loaded;
    } catch (error) {
      if (!isUnknownTopic(error)) throw asKafkaUnavailable(error);
      known.delete(topic);
      throw appError("notFound", { what: `topic ${topic}` }, { cause: error });
    }
  }

  return {
    load: async (topic) => known.get(topic) ?? refresh(topic),
    refresh,
    async ensure(settings) {
      const { topic, partitions, retentionMs } = settings;
      kept.set(topic, retentionMs);
      if (await createTopic(admin, settings, options.replicationFactor)) {
        options.log.info({ topic, partitions, retentionMs }, "topic made");
      } else {
        await refuseCompacted(admin, topic);
      }
      await untilKnown(() => refresh(topic));
    },
    retentions: () => kept,
  };
}

/** The brokers keep everything: what may go is deleted by us, who know what every group has read. */
const topicConfigs = [
  { name: "cleanup.policy", value: "delete" },
  { name: "retention.ms", value: "-1" },
  { name: "retention.bytes", value: "-1" },
  { name: "message.timestamp.type", value: "LogAppendTime" },
  // A broker takes 1 MiB at once where nobody says otherwise; an order of ours may have 4.
  { name: "max.message.bytes", value: "6291456" },
];

/** From three copies on, two of them must have a record before it counts as durable. */
const insyncFromReplicas = 3;
const insyncReplicasMin = "2";

async function createTopic(
  admin: Admin,
  { topic, partitions }: TopicSettings,
  replicas: number,
): Promise<boolean> {
  if (partitions < 1 || (partitions & (partitions - 1)) !== 0) {
    throw new RangeError(`${topic}: ${partitions} partitions are no power of two`);
  }
  const insync =
    replicas >= insyncFromReplicas
      ? [{ name: "min.insync.replicas", value: insyncReplicasMin }]
      : [];
  try {
    const configs = [...topicConfigs, ...insync];
    await admin.createTopics({ topics: [topic], partitions, replicas, configs });
    return true;
  } catch (error) {
    if (isBrokerError(error, "TOPIC_ALREADY_EXISTS")) return false;
    throw asKafkaUnavailable(error);
  }
}

/** Compaction deletes all but the newest record of a key. A key is a feed, so orders would be lost. */
async function refuseCompacted(admin: Admin, topic: string): Promise<void> {
  const [resource] = await admin
    .describeConfigs({
      resources: [
        {
          resourceType: ConfigResourceTypes.TOPIC,
          resourceName: topic,
          configurationKeys: ["cleanup.policy"],
        },
      ],
    })
    .catch((error: unknown) => {
      throw asKafkaUnavailable(error);
    });
  const policy = resource?.configs.find(({ name }) => name === "cleanup.policy")?.value ?? "";
  if (policy.includes("compact")) {
    throw appError("topicUnfit", { topic, reason: `its cleanup.policy is ${policy}` });
  }
}

/** Not every broker knows a new topic at once. */
const knownTriesMax = 50;
const knownPauseMs = 100;

async function untilKnown(find: () => Promise<KafkaTopic>): Promise<KafkaTopic> {
  for (let tries = 1; ; tries += 1) {
    try {
      const topic = await find();
      if (topic.leaders.every((leader) => leader >= 0) || tries >= knownTriesMax) return topic;
    } catch (error) {
      if (tries >= knownTriesMax) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, knownPauseMs));
  }
}
