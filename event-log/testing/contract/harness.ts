/** What the contract suite needs from an adapter besides the port, and builders that its tests share. */

import { randomUUID } from "node:crypto";
import type { Pool } from "pg";
import { expect, vi } from "vitest";
import type { EventLog, LogRecord, NewRecord, SubscribeLimits, Subscription } from "../../port.ts";

export { makeRecorder } from "./recorder.ts";

/** One log under test, of which any number of processes may be played. */
export interface EventLogHarness {
  /** The database that holds checkpoints and dead letters, as the service role. */
  readonly pool: Pool;
  /** Opens the log as one more process would. */
  openLog(): Promise<EventLog>;
  /** Opens a log that lets only `queueMaxCount` records wait. */
  openLogWithQueue(queueMaxCount: number): Promise<EventLog>;
  /** Cuts every connection of a log for good, as the death of its process would; `close` still works. */
  kill(log: EventLog): Promise<void>;
  /** Makes appends to a topic hang until the function it answers is called. */
  stall(topic: string): Promise<() => Promise<void>>;
  /** Lets all that was appended to a topic until now grow old, and deletes what may be deleted. */
  expire(topic: string): Promise<void>;
  /** Closes all logs and the database. */
  close(): Promise<void>;
}

/** How a test reaches the harness, which is made before the first test runs. */
export type GivenHarness = () => EventLogHarness;

/** Small limits, so that a few records make several batches. */
export const smallLimits: SubscribeLimits = {
  batchMaxCount: 10,
  batchMaxBytes: 100_000,
  partitionsAtOnce: 4,
};

/** Makes a topic that no other test uses. */
export async function makeTopic(
  log: EventLog,
  partitions = 4,
  retentionMs: number | null = null,
): Promise<string> {
  const topic = `contract.${randomUUID()}`;
  await log.ensureTopics([{ topic, partitions, retentionMs }]);
  return topic;
}

/** Records whose values count up from `start`, spread over `keyCount` keys. */
export function makeRecords(count: number, keyCount = 16, start = 0): NewRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `key-${(start + index) % keyCount}`,
    value: Buffer.from(String(start + index)),
  }));
}

/** The text of a record's value. */
export function textOf(record: LogRecord): string {
  return record.value.toString("utf8");
}

/** Waits until the assertion holds. */
export function eventually(assertion: () => void | Promise<void>): Promise<void> {
  return vi.waitFor(assertion, { timeout: 30_000, interval: 20 });
}

/** Waits until members own all partitions of a topic between them, evenly. */
export function evenlyShared(members: readonly Subscription[], partitions: number): Promise<void> {
  return eventually(() => {
    const owned = members.map((member) => member.ownedPartitions());
    expect(owned.flat().sort((a, b) => a - b)).toEqual(
      Array.from({ length: partitions }, (_, partition) => partition),
    );
    const counts = owned.map((partitionsOfOne) => partitionsOfOne.length);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });
}

/** Expects records of each key in the order of their values, each once. */
export function expectInOrderPerKey(records: readonly LogRecord[]): void {
  const last = new Map<string, number>();
  for (const record of records) {
    const value = Number(textOf(record));
    expect(value).toBeGreaterThan(last.get(record.key) ?? -1);
    last.set(record.key, value);
  }
}

/** Reads a whole topic, partition by partition. */
export async function readAll(log: EventLog, topic: string): Promise<LogRecord[]> {
  const all: LogRecord[] = [];
  for (const { partition, start } of await log.bounds(topic)) {
    let from = start;
    for (;;) {
      const records = await log.read({ topic, partition, from, maxCount: 50, maxBytes: 100_000 });
      const last = records.at(-1);
      if (last === undefined) break;
      all.push(...records);
      from = last.offset + 1n;
    }
  }
  return all;
}

/** A promise that a test resolves. */
export function makeGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: () => resolve() };
}
