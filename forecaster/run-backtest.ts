/** The `backtest` command's work: a data set in, its figures out. */
import { backtestModel, type StoreScore } from "./backtest.ts";
import { readHourlyStores } from "./datasets/hourly-stores.ts";
import { readSalesCsv } from "./datasets/sales-csv.ts";
import { type M4Score, scoreM4 } from "./m4/score-m4.ts";
import { networkModel } from "./network/network-model.ts";
import type { Series } from "./series.ts";

/** Told how far the work is, 0 to 1, with a line for a person. */
export type BacktestProgress = (done: number, message: string) => void;

/** Which data to score on. */
export type BacktestRequest = {
  /** Where the public data lie. */
  readonly dataDir: string;
  readonly onProgress?: BacktestProgress;
} & ({ readonly dataset: "hourly-stores" } | { readonly csv: string; readonly timeZone: string });

/** The figures of one or several stores. */
export interface StoresReport {
  readonly stores: Readonly<Record<string, StoreScore>>;
  readonly cpuSeconds: number;
}

/** The figures of the M4 competition. */
export interface M4Report extends M4Score {
  readonly cpuSeconds: number;
}

/** What a backtest prints as JSON. */
export type BacktestReport = StoresReport | M4Report;

const folds = 4;
const horizonDays = 7;

/** Runs one backtest with the champion's recipe. */
export async function runBacktest(request: BacktestRequest): Promise<BacktestReport> {
  const onProgress = request.onProgress ?? (() => {});
  const started = process.cpuUsage();
  const cpuSeconds = () => {
    const used = process.cpuUsage(started);
    return (used.user + used.system) / 1e6;
  };
  if ("csv" in request) {
    const series = await readSalesCsv(request.csv, request.timeZone);
    return { stores: await scoreStores([series], onProgress), cpuSeconds: cpuSeconds() };
  }
  switch (request.dataset) {
    case "hourly-stores": {
      const stores = await readHourlyStores(request.dataDir);
      return { stores: await scoreStores(stores, onProgress), cpuSeconds: cpuSeconds() };
    }
    case "m4-hourly": {
      const tell = (done: number) => onProgress(done, "training on 414 series");
      const score = await scoreM4(request.dataDir, tell, request.members);
      return { ...score, cpuSeconds: cpuSeconds() };
    }
  }
}

async function scoreStores(
  stores: readonly Series[],
  onProgress: BacktestProgress,
): Promise<Record<string, StoreScore>> {
  let fold = 0;
  const model = networkModel({
    onProgress: (done) => onProgress((fold + done) / folds, `fold ${fold + 1} of ${folds}`),
  });
  const scores = await backtestModel(model, stores, {
    folds,
    horizonDays,
    onFold: () => {
      fold++;
    },
  });
  return Object.fromEntries(scores);
}
