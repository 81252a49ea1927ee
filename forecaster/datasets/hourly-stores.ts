/** Reads `hourly-stores.json`: three shops as matrices of hourly sales, with the scored mask. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { epochDayOf } from "@tillcast/schemas";
import { z } from "zod";
import { type Series, weekdayOf } from "../series.ts";

const fileShape = z.record(
  z.string(),
  z.object({
    days: z.array(z.string()),
    hours: z.array(z.number()),
    closed: z.array(z.boolean()),
    mask: z.array(z.array(z.boolean())),
    hol: z.array(z.union([z.number(), z.boolean()])),
    Y: z.array(z.array(z.number())),
  }),
);

type FileStore = z.infer<typeof fileShape>[string];

/** The measured shops; where their zones and currencies are known from their sources. */
const places: Readonly<Record<string, { timeZone: string; currency: string }>> = {
  pizza: { timeZone: "America/New_York", currency: "USD" },
  uk1: { timeZone: "Europe/London", currency: "GBP" },
  korbak: { timeZone: "Asia/Seoul", currency: "KRW" },
};

/** Reads all shops of the file in `dataDir`. */
export async function readHourlyStores(dataDir: string): Promise<Series[]> {
  const text = await readFile(join(dataDir, "hourly-stores.json"), "utf8");
  const file = fileShape.parse(JSON.parse(text));
  return Object.entries(file).map(([key, store]) => seriesOf(key, store));
}

function seriesOf(key: string, store: FileStore): Series {
  const firstDate = store.days[0] ?? "1970-01-01";
  const firstDay = epochDayOf(firstDate);
  const width = store.hours.length;
  const values = Float64Array.from(store.Y.flat());
  const weekMask = Uint8Array.from(store.mask.flat(), Number);
  const open = values.map((_, cell) => {
    const row = Math.floor(cell / width);
    const expected = weekMask[weekdayOf(firstDay + row) * width + (cell % width)] as number;
    return store.closed[row] ? 0 : expected;
  });
  return {
    key,
    ...(places[key] ?? { timeZone: "UTC", currency: "XXX" }),
    grain: "hour",
    firstDate,
    dayCount: store.days.length,
    hours: store.hours,
    values,
    open: Uint8Array.from(open),
    weekMask,
    holidays: new Set(store.days.filter((_, row) => Boolean(store.hol[row]))),
  };
}
