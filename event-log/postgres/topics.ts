import { appError } from "@tillcast/core";
import type { Pool } from "pg";

/** A topic as the log's tables know it. */
export interface Topic {
  readonly topic: string;
  readonly topicId: string;
  /** The topic's short number in the log's tables; never used again for another topic. */
  readonly ordinal: number;
  readonly partitions: number;
}

interface TopicRow {
  readonly topic: string;
  readonly topic_id: string;
  readonly ordinal: number;
  readonly partitions: number;
}

/** Finds topics by name and remembers them. */
export interface Topics {
  /** Raises `notFound` for a topic that was never made. */
  load(topic: string): Promise<Topic>;
  /** Drops what is remembered, after a sign that the topic was deleted. */
  forget(topic: string): void;
}

const selectTopicSql = `
  select topic, topic_id, ordinal, partitions from log_topic where topic = $1`;

/** Makes the register of topics. */
export function makeTopics(pool: Pool): Topics {
  const known = new Map<string, Promise<Topic>>();
  return {
    load(topic) {
      const remembered = known.get(topic);
      if (remembered !== undefined) return remembered;
      const loading = selectTopic(pool, topic);
      known.set(topic, loading);
      // A failed look-up must not be remembered.
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
