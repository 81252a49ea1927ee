import { addDays, isDate } from "@tillcast/schemas/browser";

/** Sales before this year are a slip of the pen. */
export const FIRST_DATE = "2000-01-01";

/** The day before or after, as far as days can be looked at; undefined where there is none. */
export function stepDay(date: string, days: 1 | -1, today: string): string | undefined {
  if (!isDate(date)) return undefined;
  const next = addDays(date, days);
  return next < FIRST_DATE || next > today ? undefined : next;
}
