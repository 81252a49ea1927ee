/** The `backtest` command's work: a data set in, its figures out. */
import { appError } from "@tillcast/core";
import { backtestModel, type StoreScore } from "./backtest.ts";
import { readHourlyStores } from "./datasets/hourly-stores.ts";
import { readSalesCsv } from "./datasets/sales-csv.ts";
import { type M4Score, scoreM4 } from "./m4/score-m4.ts";
import { networkModel } from "./network/network-model.ts";
import { type RecruitScore, scoreRecruit } from "./score-recruit.ts";
import type { Series } from "./series.ts";

/** Told how far the work is, 0 to 1, with a line for a person. */
export type BacktestProgress = (done: number, message: string) => void;

/** The public data sets that can be scored on. */
export const backtestDatasets = ["hourly-stores", "m4-hourly", "recruit"] as const;
export type BacktestDataset = (typeof backtestDatasets)[number];

/** Which data to score on. */
export type BacktestRequest = BacktestOptions &
  ({ readonly dataset: BacktestDataset } | { readonly csv: string; readonly timeZone: string });

interface BacktestOptions {
  /** Where the public data lie. */
  readonly dataDir: string;
  readonly onProgress?: BacktestProgress;
  /** Networks in M4's mean; 5 unless told otherwise, one takes a fifth of the time. */
  readonly members?: number;
}

/** The figures of one or several stores. */
export interface StoresReport {
  readonly stores: Readonly<Record<string, StoreScore>>;
  /** Weeks at the end that were scored, each from an origin of its own. */
  readonly folds: number;
}

/** What a backtest prints as JSON. */
export type BacktestReport = (StoresReport | M4Score | RecruitScore) & {
  readonly cpuSeconds: number;
};

const foldsMax = 4;
const horizonDays = 7;
/** Days before the first fold: fewer say nothing about weekdays. */
const historyMinDays = 28;

/** Runs one backtest with the champion's recipe. */
export async function runBacktest(request: BacktestRequest): Promise<BacktestReport> {
  const started = process.cpuUsage();
  const score = await scoreRequest(request, request.onProgress ?? (() => {}));
  const used = process.cpuUsage(started);
  return { ...score, cpuSeconds: (used.user + used.system) / 1e6 };
}

async function scoreRequest(
  request: BacktestRequest,
  onProgress: BacktestProgress,
): Promise<StoresReport | M4Score | RecruitScore> {
  if ("csv" in request) {
    return scoreStores([await readSalesCsv(request.csv, request.timeZone)], onProgress);
  }
  switch (request.dataset) {
    case "hourly-stores":
      return scoreStores(await readHourlyStores(request.dataDir), onProgress);
    case "m4-hourly": {
      const tell = (done: number) => onProgress(done, "training on 414 series");
      return scoreM4(request.dataDir, tell, request.members);
    }
    case "recruit": {
      const tell = (done: number) => onProgress(done, "training on 829 restaurants");
      return scoreRecruit(request.dataDir, tell);
    }
    default:
      return request.dataset satisfies never;
  }
}

/** As many folds as all stores have days for, four at most; an error that names the days where there is none. */
function foldsOf(stores: readonly Series[]): number {
  const shortest = stores.reduce((short, one) => (one.dayCount < short.dayCount ? one : short));
  const folds = Math.floor((shortest.dayCount - historyMinDays) / horizonDays);
  if (folds < 1) {
    const reason = `${shortest.key} has ${shortest.dayCount} days from its first sale to its last, and a backtest needs ${historyMinDays + horizonDays} days: ${historyMinDays} to learn from and ${horizonDays} to score`;
    throw appError("badRequest", { reason });
  }
  return Math.min(foldsMax, folds);
}

async function scoreStores(
  stores: readonly Series[],
  onProgress: BacktestProgress,
): Promise<StoresReport> {
  const folds = foldsOf(stores);
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
  return { stores: Object.fromEntries(scores), folds };
}
