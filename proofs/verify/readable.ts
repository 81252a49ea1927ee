/** An instant for people; a damaged one, such as infinity, as the number that it is. */
export function instantText(ms: number | null): string {
  if (ms === null) return "null";
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}

/** What went wrong, in one line. */
export const reasonText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/**
 * SQL of an instant as UTC milliseconds. Unlike the driver's own reading it takes infinity and instants
 * before the common era, which only a damaged row has, and keeps what lies below a millisecond.
 */
export const msOf = (column: string): string =>
  `(extract(epoch from ${column}) * 1000)::double precision`;
