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
