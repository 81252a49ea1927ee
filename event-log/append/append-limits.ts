/** Limits of appends, the same on both logs. */
export interface AppendLimits {
  /** Most records in one append to the log. Batches above 500 gain little. */
  readonly appendBatchMaxCount: number;
  /** Most bytes in one append to the log. A larger record is appended alone. */
  readonly appendBatchMaxBytes: number;
  /** How long an append waits for more records after the last one. An idle log appends at once. */
  readonly appendLingerMs: number;
  /** Most records that wait to be appended, per topic. More are refused as `overloaded`. */
  readonly appendQueueMaxCount: number;
  /** Most bytes that wait to be appended, per topic. */
  readonly appendQueueMaxBytes: number;
  /** An append fails if it has no answer within this time. */
  readonly appendTimeoutMs: number;
  /** Largest record: key, value and headers together. */
  readonly recordMaxBytes: number;
}

/** The limits of the product; tests shorten some. */
export const defaultAppendLimits: AppendLimits = {
  appendBatchMaxCount: 500,
  appendBatchMaxBytes: 1_048_576,
  appendLingerMs: 5,
  appendQueueMaxCount: 20_000,
  appendQueueMaxBytes: 67_108_864,
  appendTimeoutMs: 10_000,
  recordMaxBytes: 4_194_304,
};
