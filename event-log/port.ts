/**
 * The event log as every service sees it: one port, with an adapter on PostgreSQL and one on Kafka.
 *
 * Delivery is at least once and in order within a partition. Exactly once comes from the reader, which
 * moves its checkpoint (`event-log/checkpoint.ts`) in the same transaction as its writes.
 */

import type { AvroCodec } from "@tillcast/schemas";

type AvroSchema = AvroCodec<unknown>["schema"];

/** The schema that a value was written in, and how to decode it. */
export interface WriterSchema {
  readonly fingerprint: Buffer;
  readonly schema: AvroSchema;
  /** Decodes a value into the shape of this release. */
  readonly decode: (value: Buffer) => unknown;
}

/** A record to append. `value` is Avro in the topic's schema. */
export interface NewRecord {
  /** Decides the partition. Records with the same key stay in order. */
  readonly key: string;
  readonly value: Buffer;
  /** Text headers, such as `traceparent` or a dead letter's reason. */
  readonly headers?: Readonly<Record<string, string>>;
  /** True if `value` starts with its schema id already, as a record that is appended again. */
  readonly isFramed?: boolean;
  /** The schema of `value` if it is not this release's; `frozen` is the one of the release before. */
  readonly writtenIn?: AvroSchema | "frozen";
}

/** A record as a reader gets it. */
export interface LogRecord {
  readonly partition: number;
  /** Position in the partition. It rises and may have gaps. */
  readonly offset: bigint;
  readonly key: string;
  readonly value: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** When the log stored it, UTC milliseconds. */
  readonly appendedAt: number;
  /** The value as the log stores it, if `value` was derived from it. */
  readonly raw?: Buffer;
  /** The schema of `value`, for a reader that asked for values as written. */
  readonly schema?: WriterSchema;
}

/** Where a record is stored. */
export interface Position {
  readonly partition: number;
  readonly offset: bigint;
}

/** Consecutive records of one partition, at least one. */
export interface LogBatch {
  readonly topic: string;
  /** Changes when a topic is deleted and created again, so that old checkpoints do not fit it. */
  readonly topicId: string;
  readonly partition: number;
  readonly records: readonly LogRecord[];
  /** The checkpoint's position when this batch was read. */
  readonly position: bigint;
  /** The position that the checkpoint gets when this batch is settled. */
  readonly nextPosition: bigint;
  /** Aborts when this member loses the partition. Then stop work and roll back. */
  readonly signal: AbortSignal;
}

export interface SubscribeLimits {
  /** Most records in a batch. */
  readonly batchMaxCount: number;
  /** Most bytes of values in a batch. A larger record is a batch of its own. */
  readonly batchMaxBytes: number;
  /** Most partitions that this member settles at the same time. */
  readonly partitionsAtOnce: number;
}

export interface SubscribeOptions {
  readonly topic: string;
  /** Members of one group share the partitions. */
  readonly group: string;
  readonly limits: SubscribeLimits;
  /** True for values as they were written. By default each value has this release's shape. */
  readonly asWritten?: boolean;
  /**
   * Settles one batch and moves the group's checkpoint from `position` to `nextPosition` in the same
   * transaction. If it throws, the log hands over the same records again after a growing pause. If the
   * error is deterministic (an `AppError` with `deterministic: true`), the log halves the batch until it
   * finds the record that fails, and stores that record as a dead letter.
   */
  readonly settle: (batch: LogBatch) => Promise<void>;
  /** Called when this member gets a partition, before its first batch. */
  readonly onPartitionTaken?: (partition: number) => Promise<void>;
}

export interface Subscription {
  /** Stops reading, waits for running batches, gives the partitions back. Safe to call twice. */
  close(): Promise<void>;
  /** The partitions that this member owns now. */
  ownedPartitions(): readonly number[];
}

export interface TailOptions {
  readonly topic: string;
  /** Called with every record appended after `tail` resolved, in order per partition. Must not throw. */
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
  /** As with `subscribe`. A record whose schema is unknown then throws; by default it comes as stored. */
  readonly asWritten?: boolean;
}

export interface TopicSettings {
  readonly topic: string;
  /** A power of two (Java's and this client's partitioners then agree). */
  readonly partitions: number;
  /** How long records are kept after their append; `null` keeps them for ever. */
  readonly retentionMs: number | null;
}

export interface EventLog {
  /** Creates missing topics. Never changes the partition count of an existing topic. */
  ensureTopics(topics: readonly TopicSettings[]): Promise<void>;
  /** Resolves when every record is durable, with the positions in the order of the records. */
  append(topic: string, records: readonly NewRecord[]): Promise<readonly Position[]>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Reads a topic from its end on, without group and checkpoint. Retention does not wait for it. */
  tail(options: TailOptions): Promise<Subscription>;
  /** Reads from any position, as replay does. Empty if there is no record at or after `from`. */
  read(options: ReadOptions): Promise<readonly LogRecord[]>;
  /** Per partition, the first stored offset and the offset of the next record. */
  bounds(topic: string): Promise<readonly { partition: number; start: bigint; end: bigint }[]>;
  topicId(topic: string): Promise<string>;
  lag(topic: string, group: string): Promise<readonly GroupLag[]>;
  /** Deletes records that are older than their topic's retention and that every group has read. */
  deleteExpired(): Promise<void>;
  close(): Promise<void>;
}
