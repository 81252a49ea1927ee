import type { LogRecord } from "./port.ts";

/** What a reader asks for. */
export interface ReadLimits {
  readonly maxCount: number;
  readonly maxBytes: number;
}

/** How many of the records, from the first on, fit the limits; one larger record still comes alone. */
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
