/**
 * Fetches for many readers with one consumer. One long fetch runs at every broker that leads a followed
 * partition, for all partitions of that broker together, because a broker answers the requests of one
 * connection one after the other.
 */

import type { Logger } from "@tillcast/core";
import { pause, retryPauseMs } from "@tillcast/core";
import type { KafkaConsumer } from "./clients.ts";
import { decodeBatches } from "./decode-records.ts";
import { asKafkaUnavailable, isBrokerError } from "./kafka-errors.ts";
import type { KafkaLogLimits } from "./kafka-limits.ts";
import type { PartitionReader } from "./partition-reader.ts";
import type { KafkaTopics } from "./topics.ts";

/** The library does not export this type. */
type FetchResponse = Awaited<ReturnType<KafkaConsumer["fetch"]>>;

export interface SharedFetchDeps {
  readonly makeConsumer: () => KafkaConsumer;
  readonly topics: KafkaTopics;
  readonly limits: KafkaLogLimits;
  readonly log: Logger;
}

/** The readers that one consumer fetches for. Each partition has at most one of them. */
export interface SharedFetch {
  follows(topicId: string, partition: number): boolean;
  add(reader: PartitionReader, leader: number): void;
  remove(reader: PartitionReader): void;
  /** Called when a reader may need more records. */
  wake(): void;
  close(): Promise<void>;
}

/** The broker errors that no retry can fix. */
const isLost = (error: unknown): boolean =>
  isBrokerError(error, "OFFSET_OUT_OF_RANGE", "UNKNOWN_TOPIC_ID", "INCONSISTENT_TOPIC_ID");

/** Opens a shared fetch. It connects with its first reader. */
export function openSharedFetch(deps: SharedFetchDeps): SharedFetch {
  const { limits, log } = deps;
  const closing = new AbortController();
  const leaders = new Map<PartitionReader, number>();
  const loops = new Map<number, Promise<void>>();
  let consumer = deps.makeConsumer();
  let failingSince: number | undefined;
  let wakeAll = Promise.withResolvers<void>();

  function wake(): void {
    wakeAll.resolve();
    wakeAll = Promise.withResolvers<void>();
  }

  function readersAt(node: number): PartitionReader[] {
    return [...leaders].filter(([, leader]) => leader === node).map(([reader]) => reader);
  }

  function startLoop(node: number): void {
    if (loops.has(node) || closing.signal.aborted) return;
    const loop = runLoop(node).finally(() => loops.delete(node));
    loops.set(node, loop);
  }

  /** Runs until the broker leads no followed partition. */
  async function runLoop(node: number): Promise<void> {
    for (let faults = 0; !closing.signal.aborted; ) {
      const woken = wakeAll.promise;
      const readers = readersAt(node);
      if (readers.length === 0) return;
      const wanted = readers.filter((reader) => reader.hasRoom());
      if (wanted.length === 0) {
        await woken;
        continue;
      }
      const fault = await fetchOnce(node, wanted);
      if (fault === undefined) {
        faults = 0;
        failingSince = undefined;
        if (wanted.every((reader) => reader.isNearlyEmpty()))
          await pause(limits.fetchPauseMs, closing.signal);
      } else if (!closing.signal.aborted) {
        await recover(node, fault, faults);
        faults += 1;
      }
    }
  }

  /** Fetches once and hands the records on. Resolves with the error if the whole request failed. */
  async function fetchOnce(
    node: number,
    wanted: readonly PartitionReader[],
  ): Promise<unknown | undefined> {
    const asked = wanted.map((reader) => ({ reader, from: reader.next() }));
    try {
      deliver(asked, await consumer.fetch(requestOf(node, asked, limits)));
      return undefined;
    } catch (error) {
      // An error of one partition comes with the records of the others.
      const response = (error as { readonly response?: FetchResponse }).response;
      if (response !== undefined) deliver(asked, response);
      if (!isLost(error)) return error;
      failLost(asked, response, error);
      return undefined;
    }
  }

  function deliver(asked: readonly Asked[], response: FetchResponse): void {
    for (const { topicId, partitions } of response.responses) {
      for (const { partitionIndex, errorCode, records } of partitions) {
        const one = findAsked(asked, topicId, partitionIndex);
        if (one === undefined || errorCode !== 0 || !leaders.has(one.reader)) continue;
        one.reader.add(decodeBatches(partitionIndex, records ?? [], one.from));
      }
    }
  }

  function failLost(asked: readonly Asked[], response: FetchResponse | undefined, error: unknown) {
    const answers = response?.responses ?? [];
    for (const { topicId, partitions } of answers) {
      for (const { partitionIndex, errorCode } of partitions) {
        if (errorCode === 0) continue;
        const reader = findAsked(asked, topicId, partitionIndex)?.reader;
        reader?.fail(asKafkaUnavailable(error));
      }
    }
  }

  async function recover(node: number, fault: unknown, faults: number): Promise<void> {
    failingSince ??= performance.now();
    log.warn({ reason: asKafkaUnavailable(fault).message, node, faults }, "fetch failed");
    await pause(retryPauseMs(faults, limits), closing.signal);
    if (closing.signal.aborted) return;
    if (performance.now() - failingSince > limits.recreateAfterMs) await recreate();
    await findLeaders();
  }

  /** After a long outage a new client replaces the old one with its outdated state. */
  async function recreate(): Promise<void> {
    failingSince = undefined;
    const old = consumer;
    consumer = deps.makeConsumer();
    await old.close(true).catch(() => undefined);
  }

  async function findLeaders(): Promise<void> {
    for (const topic of new Set([...leaders.keys()].map((reader) => reader.topic))) {
      const found = await deps.topics.refresh(topic).catch(() => undefined);
      if (found === undefined) continue;
      for (const reader of leaders.keys()) {
        if (reader.topic !== topic) continue;
        const leader = found.leaders[reader.partition] ?? -1;
        if (leader >= 0) leaders.set(reader, leader);
      }
    }
    for (const node of new Set(leaders.values())) startLoop(node);
    wake();
  }

  return {
    follows: (topicId, partition) =>
      [...leaders.keys()].some((one) => one.topicId === topicId && one.partition === partition),
    add(reader, leader) {
      leaders.set(reader, leader);
      startLoop(leader);
      wake();
    },
    remove(reader) {
      leaders.delete(reader);
      wake();
    },
    wake,
    async close() {
      closing.abort();
      wake();
      await consumer.close(true).catch(() => undefined);
      await Promise.all(loops.values());
    },
  };
}

interface Asked {
  readonly reader: PartitionReader;
  readonly from: bigint;
}

function findAsked(asked: readonly Asked[], topicId: string, partition: number): Asked | undefined {
  return asked.find(({ reader }) => reader.topicId === topicId && reader.partition === partition);
}

function requestOf(node: number, asked: readonly Asked[], limits: KafkaLogLimits) {
  const byTopic = Map.groupBy(asked, ({ reader }) => reader.topicId);
  return {
    node,
    minBytes: 1,
    maxBytes: limits.fetchMaxBytes,
    maxWaitTime: limits.fetchMaxWaitMs,
    topics: [...byTopic].map(([topicId, ofTopic]) => ({
      topicId,
      partitions: ofTopic.map(({ reader, from }) => ({
        partition: reader.partition,
        currentLeaderEpoch: -1,
        fetchOffset: from,
        lastFetchedEpoch: -1,
        partitionMaxBytes: limits.fetchPartitionMaxBytes,
      })),
    })),
  };
}
