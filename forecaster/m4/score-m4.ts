/** Scores the mean of several networks on M4 Hourly. */
import { availableParallelism } from "node:os";
import { type M4Series, m4HourlyNaive2, readM4Hourly } from "../datasets/m4-hourly.ts";
import { mase, owa, seasonalScale, smape } from "../metrics.ts";
import { runWorker } from "../network/run-worker.ts";
import type { M4Settings } from "./m4-network.ts";
import { horizon } from "./m4-windows.ts";

/** What a member's worker is started with. */
export interface M4Request {
  readonly histories: readonly (readonly number[])[];
  readonly settings: M4Settings;
}

/** The competition's figures over all series. */
export interface M4Score {
  readonly smape: number;
  readonly mase: number;
  readonly owa: number;
}

/** Windows of one, two and three weeks see different things; their mean is better than any. */
const windows = [336, 168, 504, 336, 168] as const;
const steps = 2500;
const hidden = 192;
const season = 24;

/** How many networks the mean has unless told otherwise. */
export const m4Members: number = windows.length;

/** Trains the members, as many at a time as there are processors, and scores their mean. */
export async function scoreM4(
  dataDir: string,
  onProgress: (done: number) => void,
  members: number = m4Members,
): Promise<M4Score> {
  const series = await readM4Hourly(dataDir);
  const histories = series.map((one) => one.history);
  const done = new Float64Array(members);
  const sums = new Float64Array(series.length * horizon);
  const waiting = Array.from({ length: members }, (_, member) => member);
  const work = async (): Promise<void> => {
    for (let member = waiting.shift(); member !== undefined; member = waiting.shift()) {
      const index = member;
      const window = windows[index % windows.length] as number;
      const settings = { seed: index + 1, window, steps, hidden };
      const forecast = await runWorker<M4Request, Float64Array>(
        new URL("./m4-worker.ts", import.meta.url),
        { histories, settings },
        {
          onProgress: (share) => {
            done[index] = share;
            onProgress(done.reduce((sum, value) => sum + value, 0) / members);
          },
        },
      );
      for (const [cell, value] of forecast.entries()) {
        sums[cell] = (sums[cell] as number) + value / members;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(members, availableParallelism()) }, work));
  return scoreForecasts(series, sums);
}

function scoreForecasts(series: readonly M4Series[], forecasts: Float64Array): M4Score {
  let smapeSum = 0;
  let maseSum = 0;
  for (const [index, one] of series.entries()) {
    const forecast = forecasts.subarray(index * horizon, (index + 1) * horizon);
    smapeSum += smape(one.future, forecast);
    maseSum += mase(one.future, forecast, seasonalScale(one.history, season));
  }
  const own = { smape: smapeSum / series.length, mase: maseSum / series.length };
  return { ...own, owa: owa(own, m4HourlyNaive2) };
}
