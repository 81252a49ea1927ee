/**
 * The event log as every service sees it: one port, with an adapter on PostgreSQL and one on Kafka.
 *
 * Delivery is at least once and in order within a partition. Exactly once comes from the reader, which
 * moves its checkpoint (`event-log/checkpoint.ts`) in the same transaction as its writes.
 */

import type { AvroCodec } from "@tillcast/schemas";

type AvroSchema = AvroCodec<unknown>["schema"];

/** The schema that wrote a value, and how its values are read. */
export interface WriterSchema {
  readonly fingerprint: Buffer;
  readonly schema: AvroSchema;
  /** What the value says, in the shape of this release. */
  readonly decode: (value: Buffer) => unknown;
}

/** One record as a producer hands it over. `value` is Avro in the topic's schema. */
export interface NewRecord {
  /** Decides the partition; records with one key stay in order. */
  readonly key: string;
  readonly value: Buffer;
  /** Text headers, such as `traceparent` or a dead letter's reason. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True when `value` names its schema already, as a record does that is appended once more. */
  readonly isFramed?: boolean;
  /** The schema of `value` where it is not this release's; `frozen` is that of the release before. */
  readonly writtenIn?: AvroSchema | "frozen";
}

/** One record as a reader gets it. */
export interface LogRecord {
  readonly partition: number;
  /** Position in the partition; rising, not necessarily contiguous. */
  readonly offset: bigint;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** When the log took it, UTC milliseconds. */
  readonly appendedAt: number;
  /** The value as it lies in the log, where `value` was made of it. */
  readonly raw?: Buffer;
  /** What wrote `value`, for a reader that asked for it as it was written. */
  readonly schema?: WriterSchema;
}

/** Where a record came to lie. */
export interface Position {
  readonly partition: number;
  readonly offset: bigint;
}

/** Consecutive records of one partition, at least one. */
export interface LogBatch {
  readonly topic: string;
  /** Changes when a topic is deleted and made anew, so that a checkpoint never fits the wrong log. */
  readonly topicId: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** The position the group's checkpoint had when this batch was read. */
  readonly position: bigint;
  /** The position the checkpoint must have once this batch is settled. */
  readonly nextPosition: bigint;
  /** Aborts when this member no longer owns the partition; then stop work and roll back. */
  readonly signal: AbortSignal;
}

export interface SubscribeLimits {
  /** Most records a batch carries. */
  readonly batchMaxCount: number;
  /** Most bytes of values a batch carries (one larger record still comes alone). */
  readonly batchMaxBytes: number;
  /** Most partitions this member works on at the same time. */
  readonly partitionsAtOnce: number;
}

export interface SubscribeOptions {
  readonly topic: string;
  /** Members of one group share the partitions. */
  readonly group: string;
  readonly limits: SubscribeLimits;
  /** True for a reader that keeps values as they were written; else each comes in this release's shape. */
  readonly asWritten?: boolean;
  /**
   * Settles one batch, and moves the group's checkpoint from `position` to `nextPosition` in the
   * same transaction. When it throws, the same records come again after a pause that grows. A
   * deterministic fault of one record (an `AppError` with `deterministic: true`) makes the log bisect
   * the batch and put that one record into the dead letters.
   */
  readonly settle: (batch: LogBatch) => Promise<void>;
  /** Called when this member takes a partition over, before its first batch. */
  readonly onPartitionTaken?: (partition: number) => Promise<void>;
}

export interface Subscription {
  /** Stops intake, lets the batches in flight finish, gives the partitions back. Safe to call twice. */
  close(): Promise<void>;
  /** Partitions this member owns now. */
  ownedPartitions(): readonly number[];
}

export interface TailOptions {
  readonly topic: string;
  /** Receives every record appended after `tail` resolved, in order per partition. Must not throw. */
  readonly onRecords: (records: readonly LogRecord[]) => void;
}

export interface GroupLag {
  readonly partition: number;
  readonly position: bigint;
  readonly end: bigint;
  /** `end - position`. */
  readonly lagRecords: bigint;
}

export interface ReadOptions {
  readonly topic: string;
  readonly partition: number;
  /** The first offset wanted. */
  readonly from: bigint;
  readonly maxCount: number;
  readonly maxBytes: number;
  /** As with `subscribe`; and what waits for a schema is then an error, where others get the bytes. */
  readonly asWritten?: boolean;
}

export interface TopicSettings {
  readonly topic: string;
  /** A power of two (Java's and this client's partitioners then agree). */
  readonly partitions: number;
  /** How long records are kept after they were appended; `null` keeps them for ever. */
  readonly retentionMs: number | null;
}

export interface EventLog {
  /** Creates topics that are missing; never changes the partition count of one that exists. */
  ensureTopics(topics: readonly TopicSettings[]): Promise<void>;
  /** Resolves when every record is durable, with their positions in the order given. */
  append(topic: string, records: readonly NewRecord[]): Promise<readonly Position[]>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Follows a topic from its end: no checkpoint, no group, not counted for retention. */
  tail(options: TailOptions): Promise<Subscription>;
  /** Reads from any position; the base of replay. Empty when nothing lies at or after `from`. */
  read(options: ReadOptions): Promise<readonly LogRecord[]>;
  /** First offset still kept, and the offset the next record will get, per partition. */
  bounds(topic: string): Promise<readonly { partition: number; start: bigint; end: bigint }[]>;
  topicId(topic: string): Promise<string>;
  lag(topic: string, group: string): Promise<readonly GroupLag[]>;
  /** Deletes what is older than its topic keeps and what every durable group has read; safe anywhere. */
  deleteExpired(): Promise<void>;
  close(): Promise<void>;
}
