/** An instant for people; a damaged one, such as infinity, as a number. */
export function instantText(ms: number | null): string {
  if (ms === null) return "null";
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

/** An error in one line. */
export const reasonText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/**
 * SQL for an instant as UTC milliseconds. Unlike the driver's parser it accepts infinity and instants before the common
 * era, which only damaged rows have, and keeps fractions of a millisecond.
 */
export const msOf = (column: string): string =>
  `(extract(epoch from ${column}) * 1000)::double precision`;
