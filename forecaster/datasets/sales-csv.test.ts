import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSalesCsv } from "./sales-csv.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tillcast-csv-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(lines: string[]): Promise<string> {
  const path = join(folder, "corner-shop.csv");
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

test("local times and instants of the same moment fall into the same hour", async () => {
  const path = await fileOf([
    "time,amount",
    "2026-07-01T12:10:00,1.50",
    "2026-07-01T10:40:00Z,2",
    "2026-07-01 06:59:59-04:00,3.25",
  ]);
  const series = await readSalesCsv(path, "Europe/Berlin");
  expect(series.key).toBe("corner-shop");
  expect(series.hours).toEqual([12]);
  expect([...series.values]).toEqual([6.75]);
});

test("sales after midnight belong to the evening before", async () => {
  const path = await fileOf(["Time,Amount", "2026-07-01T22:00,10", "2026-07-02T01:30,5"]);
  const series = await readSalesCsv(path, "Europe/Berlin");
  expect(series.firstDate).toBe("2026-07-01");
  expect(series.dayCount).toBe(1);
  expect(series.hours).toEqual([22, 1]);
});

test("a line that cannot be read is named", async () => {
  const bad = await fileOf(["time,amount", "2026-07-01T22:00,10", "2026-07-01T23:00,ten"]);
  await expect(readSalesCsv(bad, "Europe/Berlin")).rejects.toThrow(
    'Line 3: "ten" is not an amount.',
  );
  const time = await fileOf(["time,amount", "yesterday,10"]);
  await expect(readSalesCsv(time, "Europe/Berlin")).rejects.toThrow("Line 2");
  const column = await fileOf(["when,amount", "2026-07-01T22:00,10"]);
  await expect(readSalesCsv(column, "Europe/Berlin")).rejects.toThrow(
    "time, datetime, occurred_at",
  );
});

test("an unknown zone is refused", async () => {
  await expect(readSalesCsv("any.csv", "Berlin")).rejects.toThrow("not an IANA time zone");
});
