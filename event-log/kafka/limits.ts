import { type AppendLimits, defaultAppendLimits } from "../append/append-limits.ts";
import { defaultGroupLimits, type GroupLimits } from "../group/group-limits.ts";

/** Every limit of the Kafka log, each with its reason. */
export interface KafkaLogLimits extends AppendLimits, GroupLimits {
  /** A broker that has nothing new answers after this long; also the longest wait of a new reader. */
  readonly fetchMaxWaitMs: number;
  /** After a fetch that brought little the next one waits this long, so that a trickle gathers. */
  readonly fetchPauseMs: number;
  /** Most bytes that one fetch brings of one partition; bounds memory, and a broker's answer. */
  readonly fetchPartitionMaxBytes: number;
  /** Most bytes that one fetch brings in all. */
  readonly fetchMaxBytes: number;
  /** A partition with this many bytes waiting for its reader is left out of further fetches. */
  readonly fetchAheadMaxBytes: number;
  /** A client that has failed for this long is thrown away and made anew. */
  readonly recreateAfterMs: number;
  /** A connection that is not there by then failed. */
  readonly connectTimeoutMs: number;
  /** A request without an answer by then failed. */
  readonly requestTimeoutMs: number;
  /** How often Kafka is told where our groups stand, for its own tools. */
  readonly showPositionsMs: number;
  /** Asking for offsets and reading single stretches are tried again this often. */
  readonly readRetriesMax: number;
}

/** The limits of the product; tests shorten some. */
export const defaultKafkaLimits: KafkaLogLimits = {
  ...defaultAppendLimits,
  ...defaultGroupLimits,
  fetchMaxWaitMs: 100,
  fetchPauseMs: 4,
  fetchPartitionMaxBytes: 262_144,
  fetchMaxBytes: 2_097_152,
  fetchAheadMaxBytes: 1_048_576,
  recreateAfterMs: 30_000,
  connectTimeoutMs: 2_000,
  requestTimeoutMs: 5_000,
  showPositionsMs: 5_000,
  readRetriesMax: 5,
};
