/** Limits of gathering appends, the same on either log. */
export interface AppendLimits {
  /** Most records of one append to the log: beyond 500 larger batches gain little. */
  readonly appendBatchMaxCount: number;
  /** Most bytes of one append to the log; one larger record still goes alone. */
  readonly appendBatchMaxBytes: number;
  /** After a flush the next one waits this long for company; an idle log flushes at once. */
  readonly appendLingerMs: number;
  /** Most records that wait for the log, per topic; more are refused as `overloaded`. */
  readonly appendQueueMaxCount: number;
  /** Most bytes that wait for the log, per topic. */
  readonly appendQueueMaxBytes: number;
  /** After this long without an answer an append is reported as failed. */
  readonly appendTimeoutMs: number;
  /** Largest single record: key, value and headers together. */
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
