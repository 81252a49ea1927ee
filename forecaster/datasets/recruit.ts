/** Reads Recruit Restaurant Visitors: 829 restaurants in Japan, guests a day, with holidays. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dateOfEpochDay, daysBetween, epochDayOf } from "@tillcast/schemas";
import type { Series } from "../series.ts";
import { firstFileOfZip } from "./zip.ts";

/** Reads all restaurants of `recruit` in `dataDir`, every series ending on the data's last day. */
export async function readRecruit(dataDir: string): Promise<Series[]> {
  const folder = join(dataDir, "recruit");
  const zip = await readFile(join(folder, "air_visit_data.csv.zip"));
  const rows = linesOf(firstFileOfZip(zip).toString("utf8"));
  const dates = linesOf(await readFile(join(folder, "rrvf_date_info.csv"), "utf8"));
  const holidays = new Set(dates.filter((row) => row[2] === "1").map((row) => row[0] as string));
  const visits = new Map<string, [string, number][]>();
  let lastDate = "";
  for (const [store = "", date = "", count] of rows) {
    const known = visits.get(store) ?? [];
    known.push([date, Number(count)]);
    visits.set(store, known);
    if (date > lastDate) lastDate = date;
  }
  return [...visits].map(([key, days]) => seriesOf(key, days, lastDate, holidays));
}

function linesOf(text: string): string[][] {
  return text
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(","));
}

function seriesOf(
  key: string,
  days: readonly [string, number][],
  lastDate: string,
  holidays: ReadonlySet<string>,
): Series {
  const firstDay = Math.min(...days.map(([date]) => epochDayOf(date)));
  const firstDate = dateOfEpochDay(firstDay);
  const dayCount = daysBetween(firstDate, lastDate) + 1;
  const values = new Float64Array(dayCount);
  const open = new Uint8Array(dayCount);
  for (const [date, count] of days) {
    const row = epochDayOf(date) - firstDay;
    values[row] = count;
    open[row] = 1;
  }
  return {
    key,
    timeZone: "Asia/Tokyo",
    currency: "XXX",
    grain: "day",
    firstDate,
    dayCount,
    hours: [0],
    values,
    open,
    // Which days are closed is known only afterwards; days without guests are not scored.
    weekMask: Uint8Array.from({ length: 7 }, () => 1),
    holidays,
  };
}
