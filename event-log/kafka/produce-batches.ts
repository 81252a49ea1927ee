/** Appends records with one produce request per leading broker. The broker answers when every in-sync replica has them. */

import type { MessageToProduce } from "@platformatic/kafka";
import { appError } from "@tillcast/core";
import type { PartitionRecords } from "../append/arrange-records.ts";
import type { CommittedBatch } from "../append/topic-appender.ts";
import type { NewRecord } from "../port.ts";
import type { KafkaProducer } from "./clients.ts";
import { asKafkaUnavailable, isUnknownTopic } from "./kafka-errors.ts";

/** Stores one batch per partition. Resolves when all are durable. */
export async function produceBatches(
  producer: KafkaProducer,
  topic: string,
  parts: readonly PartitionRecords[],
  appendedAt: number,
): Promise<readonly CommittedBatch[]> {
  const bases = await send(producer, topic, parts);
  return parts.map(({ partition, records }) => {
    const baseOffset = bases.get(partition);
    if (baseOffset === undefined) {
      throw appError("logUnavailable", { reason: `no answer for ${topic}/${partition}` });
    }
    return { partition, records, appendedAt, baseOffset };
  });
}

async function send(
  producer: KafkaProducer,
  topic: string,
  parts: readonly PartitionRecords[],
): Promise<Map<number, bigint>> {
  const messages = parts.flatMap(({ partition, records }) =>
    records.map((record) => messageOf(topic, partition, record)),
  );
  try {
    const { offsets = [] } = await producer.send({ messages });
    return new Map(offsets.map(({ partition, offset }) => [partition, offset]));
  } catch (error) {
    if (isUnknownTopic(error)) {
      throw appError("notFound", { what: `topic ${topic}` }, { cause: error });
    }
    throw asKafkaUnavailable(error);
  }
}

function messageOf(
  topic: string,
  partition: number,
  { key, value, headers }: NewRecord,
): MessageToProduce<Buffer, Buffer, Buffer, Buffer> {
  const message = { topic, partition, key: Buffer.from(key), value };
  if (headers === undefined) return message;
  const entries = Object.entries(headers).map(
    ([name, text]) => [Buffer.from(name), Buffer.from(text)] as const,
  );
  return { ...message, headers: new Map(entries) };
}
