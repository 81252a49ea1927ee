import type { LogRecord } from "./port.ts";

/** Limits of one read. */
export interface ReadLimits {
  readonly maxCount: number;
  readonly maxBytes: number;
}

/** How many of the first records fit the limits. A larger record is read alone. */
export function countWithin(records: readonly LogRecord[], limits: ReadLimits): number {
  let bytes = 0;
  let count = 0;
  for (const record of records) {
    bytes += record.value.length;
    if (count >= limits.maxCount || (count > 0 && bytes > limits.maxBytes)) break;
    count += 1;
  }
  return count;
}
