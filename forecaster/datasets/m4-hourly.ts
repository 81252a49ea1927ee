/** Reads the Hourly part of the M4 competition: 414 series with their 48 hours to forecast. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** One series of the competition. */
export interface M4Series {
  readonly id: string;
  readonly history: readonly number[];
  /** The next 48 hours, for scoring only. */
  readonly future: readonly number[];
}

/** Naive2's errors over the whole Hourly set, as published; OWA is relative to them. */
export const m4HourlyNaive2 = { smape: 18.383, mase: 2.395 } as const;

/** Reads both files of `m4-hourly` in `dataDir`. */
export async function readM4Hourly(dataDir: string): Promise<M4Series[]> {
  const read = async (file: string) => {
    const text = await readFile(join(dataDir, "m4-hourly", file), "utf8");
    return text.trim().split("\n").slice(1).map(parseLine);
  };
  const futures = new Map(await read("Hourly-test.csv"));
  const histories = await read("Hourly-train.csv");
  return histories.map(([id, history]) => {
    const future = futures.get(id);
    if (future === undefined) throw new Error(`M4 series ${id} has no test part.`);
    return { id, history, future };
  });
}

/** An id and its values; shorter series end in empty cells. */
function parseLine(line: string): [string, number[]] {
  const [id = "", ...cells] = line.trim().replaceAll('"', "").split(",");
  return [id, cells.filter((cell) => cell !== "" && cell !== "NA").map(Number)];
}
