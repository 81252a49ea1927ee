import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { appError } from "@tillcast/core";
import {
  type BacktestDataset,
  type BacktestReport,
  backtestDatasets,
  runBacktest,
} from "@tillcast/forecaster";
import { type Command, Option } from "commander";
import { readTimeZone } from "../arguments.ts";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";

/** Beside the project's folder, since public data are large and not ours to hand on. */
const sharedData = fileURLToPath(new URL("../../../shared/data", import.meta.url));

interface BacktestOptions {
  readonly dataset?: BacktestDataset;
  readonly csv?: string;
  readonly timeZone?: string;
  readonly data: string;
}

export default function addBacktest(program: Command): void {
  program
    .command("backtest")
    .description("score the forecast's recipe on sales that it has not seen")
    .addOption(
      new Option("--dataset <name>", "a public data set")
        .choices(backtestDatasets)
        .conflicts(["csv", "timeZone"]),
    )
    .option("--csv <file>", "sales of your own, as one store; see docs/cli.md for the columns")
    .option("--time-zone <zone>", "IANA time zone of --csv", readTimeZone)
    .option("--data <dir>", "folder of the public data sets", sharedData)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      example(
        "backtest --dataset hourly-stores",
        "backtest --csv sales.csv --time-zone Europe/Berlin",
      ),
    )
    .action((options: BacktestOptions, command: Command) =>
      runAction(command, (context) => backtest(options, context)),
    );
}

async function backtest(
  { dataset, csv, timeZone, data }: BacktestOptions,
  { progress }: ActionContext,
): Promise<ActionResult> {
  const common = { dataDir: data, onProgress: progress.update };
  if (csv !== undefined) {
    if (timeZone === undefined) throw missing("--time-zone", "is required with --csv");
    await requirePath(csv, `file ${csv}`);
    return answer(await runBacktest({ ...common, csv, timeZone }));
  }
  if (dataset === undefined) throw missing("--dataset", "is required unless --csv names a file");
  await requirePath(data, `folder of public data at ${data} (--data names another)`);
  return answer(await runBacktest({ ...common, dataset }).catch(explain(dataset, data)));
}

const missing = (field: string, reason: string) => appError("validationFailed", { field, reason });

async function requirePath(path: string, what: string): Promise<void> {
  await stat(path).catch((cause: unknown) => {
    throw appError("notFound", { what }, { cause });
  });
}

/** A file that is missing from the folder is told by its path. */
const explain = (dataset: string, data: string) => (error: unknown) => {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== "ENOENT") throw error;
  throw appError(
    "notFound",
    { what: `${path} of data set ${dataset} in ${data}` },
    { cause: error },
  );
};

function answer(report: BacktestReport): ActionResult {
  return { ok: true, result: { ...report }, text: JSON.stringify(report, null, 2) };
}
