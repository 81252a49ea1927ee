import type { DayPicture } from "./day-picture.ts";
import { type HourRow, hourRows } from "./hour-rows.ts";

/** Hours ahead that someone on shift plans for. */
const AHEAD = 2;

/** The hour under way and the next two; none where the present is not known, or the day is over. */
export function nextHours(picture: DayPicture): HourRow[] {
  if (picture.cut !== null || picture.phase === "past" || picture.phase === "closed") return [];
  const rows = hourRows(picture).filter(({ end }) => end > picture.dataUntil);
  const count = rows[0]?.isRunning === true ? AHEAD + 1 : AHEAD;
  return rows.slice(0, count).filter(({ expected }) => expected !== null);
}
