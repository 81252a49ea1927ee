import { type AppendLimits, defaultAppendLimits } from "../append/append-limits.ts";
import { defaultGroupLimits, type GroupLimits } from "../group/group-limits.ts";

/** Every limit of the Kafka log, each with its reason. */
export interface KafkaLogLimits extends AppendLimits, GroupLimits {
  /** How long a broker waits for new records before it answers. Also the longest wait of a new reader. */
  readonly fetchMaxWaitMs: number;
  /** Pause after a fetch with few records, so that the next one gets more. */
  readonly fetchPauseMs: number;
  /** Most bytes of one partition in one fetch. Limits memory and a broker's answer. */
  readonly fetchPartitionMaxBytes: number;
  /** Most bytes in one fetch. */
  readonly fetchMaxBytes: number;
  /** A partition is not fetched while this many bytes wait for its reader. */
  readonly fetchAheadMaxBytes: number;
  /** A client that has failed for this long is replaced. */
  readonly recreateAfterMs: number;
  /** A connection fails if it is not open by then. */
  readonly connectTimeoutMs: number;
  /** A request fails if it has no answer by then. */
  readonly requestTimeoutMs: number;
  /** How often our groups' positions are copied into Kafka, for its own tools. */
  readonly showPositionsMs: number;
  /** How often queries for offsets and single reads are retried. */
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
