/** When a job is next due: five fields as cron has them (minute, hour, day, month, weekday), in UTC. */

import { appError } from "../../errors.ts";

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
}

const fields: readonly Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  { name: "month", min: 1, max: 12 },
  // Sunday is 0, and 7 as well.
  { name: "day of the week", min: 0, max: 7 },
];

const minuteMs = 60_000;
/** February 29 of a weekday comes within 28 years, unless a century has no leap day; more is never. */
const horizonDays = 366 * 40;
const dayMs = 86_400_000;

/** The first minute after an instant that a cron line names, in UTC milliseconds. */
export function nextCronTime(cron: string, afterMs: number): number {
  const parts = cron.trim().split(/\s+/);
  if (parts.length !== fields.length) throw invalid(cron, "it must have five fields");
  const [minutes, hours, days, months, weekdays] = fields.map((field, index) =>
    valuesOf(parts[index] ?? "", field, cron),
  ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  // As in cron: where both days are narrowed, either may match.
  const isEither = parts[2] !== "*" && parts[4] !== "*";
  const isDay = (at: Date): boolean => {
    if (!months.has(at.getUTCMonth() + 1)) return false;
    const isDate = days.has(at.getUTCDate());
    const isWeekday = weekdays.has(at.getUTCDay()) || (at.getUTCDay() === 0 && weekdays.has(7));
    return isEither ? isDate || isWeekday : isDate && isWeekday;
  };
  const firstMs = Math.floor(afterMs / minuteMs) * minuteMs + minuteMs;
  const firstDayMs = Math.floor(firstMs / dayMs) * dayMs;
  for (let day = 0; day <= horizonDays; day += 1) {
    const dayStartMs = firstDayMs + day * dayMs;
    if (!isDay(new Date(dayStartMs))) continue;
    for (const hour of [...hours].sort(ascending)) {
      for (const minute of [...minutes].sort(ascending)) {
        const atMs = dayStartMs + (hour * 60 + minute) * minuteMs;
        if (atMs >= firstMs) return atMs;
      }
    }
  }
  throw invalid(cron, "no such day comes");
}

const ascending = (a: number, b: number): number => a - b;

/** The values that a field names: a star, `5`, `1-5`, one of these with a step behind a slash, and lists. */
function valuesOf(text: string, field: Field, cron: string): Set<number> {
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
    if (match === null) throw invalid(cron, `"${part}" is no ${field.name}`);
    const [, from, to, step] = match;
    const first = from === undefined ? field.min : Number(from);
    const lastAlone = step === undefined ? first : field.max;
    const last = from === undefined ? field.max : to === undefined ? lastAlone : Number(to);
    const stride = step === undefined ? 1 : Number(step);
    if (first < field.min || last > field.max || first > last || stride === 0) {
      throw invalid(cron, `"${part}" is no ${field.name}`);
    }
    for (let value = first; value <= last; value += stride) values.add(value);
  }
  return values;
}

const invalid = (cron: string, reason: string) =>
  appError("badRequest", { reason: `"${cron}" is no schedule: ${reason}` });
