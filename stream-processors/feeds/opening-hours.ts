import { addDays, dayOfWeek, localDateOf, localMinuteOfDay } from "@tillcast/schemas";
import { z } from "zod";

const wallTime = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/);

/** A store's usual week: rows of weekday (1 = Monday), opening and closing wall time. */
export const OpeningHours = z.array(
  z.object({ day: z.int().min(1).max(7), open: wallTime, close: wallTime }),
);
export type OpeningHours = z.output<typeof OpeningHours>;

const minuteOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
};

/** Whether a store is open at an instant, by its usual week; a close at or before the open lies past midnight. */
export function isOpenAt(hours: OpeningHours, instantMs: number, timeZone: string): boolean {
  const date = localDateOf(instantMs, timeZone);
  const minute = localMinuteOfDay(instantMs, timeZone);
  const today = dayOfWeek(date);
  const yesterday = dayOfWeek(addDays(date, -1));
  return hours.some(({ day, open, close }) => {
    const from = minuteOf(open);
    const to = minuteOf(close) > from ? minuteOf(close) : minuteOf(close) + 1_440;
    if (day === today && minute >= from && minute < to) return true;
    return day === yesterday && minute + 1_440 >= from && minute + 1_440 < to;
  });
}
