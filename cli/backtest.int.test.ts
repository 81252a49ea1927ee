import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Cli, openCli } from "./testing/run-cli.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await openCli();
});
afterAll(() => cli.close());

test("backtest says which data it misses", async () => {
  const missing = join(cli.dataDir, "none");
  const folder = await cli.run(["backtest", "--dataset", "recruit", "--data", missing]);
  expect(folder).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(missing) });
  const file = await cli.run(["backtest", "--dataset", "recruit", "--data", cli.dataDir]);
  expect(file).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("of data set recruit"),
  });
  const zone = await cli.run(["backtest", "--csv", join(cli.dataDir, "sales.csv")]);
  expect(zone).toMatchObject({ exitCode: 2, stderr: "--time-zone: is required with --csv.\n" });
});

/** Sales at four hours of each day, a little different each time. */
async function writeSales(days: number): Promise<string> {
  const path = join(cli.dataDir, `shop-${days}.csv`);
  const lines = ["time,amount"];
  for (let day = 0; day < days; day++) {
    const date = new Date(Date.UTC(2026, 2, 2 + day)).toISOString().slice(0, 10);
    for (const hour of [12, 13, 18, 19]) {
      lines.push(`${date}T${hour}:10:00,${20 + hour + ((day * 7 + hour * 5) % 11)}`);
    }
  }
  await writeFile(path, `${lines.join("\n")}\n`);
  return path;
}

test("a file too short for a backtest is refused with the days that it needs", async () => {
  const csv = await writeSales(34);
  const { exitCode, stderr } = await cli.run(["backtest", "--csv", csv, "--time-zone", "UTC"]);
  expect(exitCode).toBe(1);
  expect(stderr).toContain("shop-34 has 34 days");
  expect(stderr).toContain("needs 35 days");
});

test("a file of six weeks is scored on the weeks that it has, without a figure that is none", async () => {
  const csv = await writeSales(42);
  const { exitCode, stdout } = await cli.run(["backtest", "--csv", csv, "--time-zone", "UTC"]);
  expect(exitCode).toBe(0);
  const { stores, folds } = JSON.parse(stdout);
  expect(folds).toBe(2);
  for (const figure of ["wql", "wape", "mase", "coverage80", "coverage90"]) {
    expect(stores["shop-42"][figure], figure).toEqual(expect.any(Number));
  }
  expect(stores["shop-42"].wape).toBeLessThan(0.3);
});
