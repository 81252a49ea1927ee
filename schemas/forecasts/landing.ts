/**
 * Where a business day will likely end: what is counted, plus what is expected of the rest. Gateway and
 * browser take it from here, so that both say the same, also between two issues of a forecast.
 */
import {
  type Expectation,
  expectationOf,
  type ForecastStep,
  type ForecastSteps,
  forecastSteps,
  sumExpectations,
} from "./expectation.ts";

/** The part of a forecast that a landing is made of. */
export interface LandingForecast extends ForecastSteps {
  /** Until when sales had been seen when it was issued. */
  readonly cutoff: number;
  /** Quantiles of the whole day as seen then. */
  readonly landing: readonly number[] | null;
}

/** How far the rest of a day spreads against the sum of its steps. */
export interface RestSpread {
  readonly below: number;
  readonly above: number;
}

/** No history makes the rest of a day this much surer or less sure than the sum of its steps. */
const SPREAD_MAX = 4;

/**
 * How much wider than the sum of its steps the forecaster saw the rest of the day, which it knows from
 * whole rests of days. The total itself is not used: it stands still while sales go on.
 */
export function restSpreadOf(
  forecast: LandingForecast,
  steps: readonly ForecastStep[],
): RestSpread {
  if (forecast.landing === null) return { below: 1, above: 1 };
  const seen = expectationOf(forecast.quantiles, forecast.landing);
  const summed = sumExpectations(steps.filter((step) => step.start >= forecast.cutoff));
  return {
    below: spreadOf(seen.p50 - seen.p10, summed.p50 - summed.p10),
    above: spreadOf(seen.p90 - seen.p50, summed.p90 - summed.p50),
  };
}

/** What is expected between two instants, a step that is cut by one of them in part; never below zero. */
export function restBetween(
  steps: readonly ForecastStep[],
  { below, above }: RestSpread,
  from: number,
  until: number = Number.POSITIVE_INFINITY,
): Expectation {
  const rest = steps.filter((step) => step.end > from && step.start < until);
  const shares = rest.map(({ start, end }) => {
    return Math.max(0, Math.min(end, until) - Math.max(start, from)) / (end - start);
  });
  const { low, p10, p50, p90, high } = sumExpectations(rest, shares);
  const centre = Math.max(0, p50);
  return {
    low: Math.max(0, centre - below * (p50 - low)),
    p10: Math.max(0, centre - below * (p50 - p10)),
    p50: centre,
    p90: centre + above * (p90 - p50),
    high: centre + above * (high - p50),
  };
}

/** An expectation of what is still to come, on top of what is counted. */
export function onTop(counted: number, rest: Expectation): Expectation {
  return {
    low: counted + rest.low,
    p10: counted + rest.p10,
    p50: counted + rest.p50,
    p90: counted + rest.p90,
    high: counted + rest.high,
  };
}

/** Where the day ends as seen at `from`, until when `counted` reaches; never below what is counted. */
export function landingOf(
  forecast: LandingForecast,
  stepMs: number,
  { counted, from }: { readonly counted: number; readonly from: number },
): Expectation {
  const steps = forecastSteps(forecast, stepMs);
  return onTop(counted, restBetween(steps, restSpreadOf(forecast, steps), from));
}

function spreadOf(seen: number, summed: number): number {
  if (!(seen > 0) || !(summed > 0)) return 1;
  return Math.min(SPREAD_MAX, Math.max(1 / SPREAD_MAX, seen / summed));
}
