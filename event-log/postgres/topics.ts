import { appError } from "@tillcast/core";
import type { Pool } from "pg";

/** A topic as the log's tables store it. */
export interface Topic {
  readonly topic: string;
  readonly topicId: string;
  /** The topic's short number in the log's tables. It is never used for another topic. */
  readonly ordinal: number;
  readonly partitions: number;
}

interface TopicRow {
  readonly topic: string;
  readonly topic_id: string;
  readonly ordinal: number;
  readonly partitions: number;
}

/** Finds topics by name and caches them. */
export interface Topics {
  /** Throws `notFound` for a topic that does not exist. */
  load(topic: string): Promise<Topic>;
  /** Clears the cache for a topic, after it may have been deleted. */
  forget(topic: string): void;
}

const selectTopicSql = `
  select topic, topic_id, ordinal, partitions from log_topic where topic = $1`;

/** Makes an empty cache of topics. */
export function makeTopics(pool: Pool): Topics {
  const known = new Map<string, Promise<Topic>>();
  return {
    load(topic) {
      const remembered = known.get(topic);
      if (remembered !== undefined) return remembered;
      const loading = selectTopic(pool, topic);
      known.set(topic, loading);
      // A failed lookup is not cached.
      loading.catch(() => known.delete(topic));
      return loading;
    },
    forget: (topic) => void known.delete(topic),
  };
}

async function selectTopic(pool: Pool, topic: string): Promise<Topic> {
  const { rows } = await pool.query<TopicRow>(selectTopicSql, [topic]);
  const row = rows[0];
  if (row === undefined) throw appError("notFound", { what: `topic ${topic}` });
  return {
    topic: row.topic,
    topicId: row.topic_id,
    ordinal: row.ordinal,
    partitions: row.partitions,
  };
}
