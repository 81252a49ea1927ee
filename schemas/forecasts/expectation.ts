/**
 * What a forecast expects of a stretch of time. The store list and the live page must say the same
 * number, so both the gateway and the browser take it from here.
 */

/**
 * Expected net sales in minor units: a centre, the edges between which 80 % should fall, and the edges
 * beyond which an amount is unusual. These lie outside the widest stored band, and may lie below zero.
 */
export interface Expectation {
  readonly low: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  readonly high: number;
}

/** One step of a forecast: `[start, end)` and what it expects. */
export interface ForecastStep extends Expectation {
  readonly start: number;
  readonly end: number;
}

/** The part of a forecast that is needed here; `values` holds one row of quantiles per step. */
export interface ForecastSteps {
  readonly starts: readonly number[];
  readonly quantiles: readonly number[];
  readonly values: readonly (readonly number[])[];
}

/**
 * How much of a step's error the whole day shares. 0 would treat quarter hours as independent (bands of
 * sums too thin), 1 as one (far too wide). Chosen so that the rest of a day sums to the spread that whole
 * rests of days have shown: four simulated stores gave .045 to .12, a median of .064.
 */
const SHARED_ERROR = 0.065;

/**
 * How many standard deviations from the centre an amount is unusual: 1 of 80 beyond, on both sides
 * together. The widest stored band (1 of 10 beyond) would be left once a day by one of a day's dozen hours.
 */
const UNUSUAL_DEVIATIONS = 2.5;

/** The steps of a forecast whose steps are `stepMs` wide, in the order given. */
export function forecastSteps(forecast: ForecastSteps, stepMs: number): ForecastStep[] {
  const { starts, quantiles, values } = forecast;
  return starts.map((start, index) => {
    const row = values[index] ?? [];
    return { start, end: start + stepMs, ...expectationOf(quantiles, row) };
  });
}

/**
 * Centre and edges of one distribution. The centre is the mean, not the median: means of quarter hours
 * add up to the day, whereas a quiet quarter's median is zero and the sum of medians falls short.
 */
export function expectationOf(levels: readonly number[], row: readonly number[]): Expectation {
  const p10 = quantileAt(levels, row, 0.1);
  const p90 = quantileAt(levels, row, 0.9);
  const p50 = Math.min(Math.max(meanOf(levels, row), p10), p90);
  const least = row[0] ?? 0;
  const most = row[levels.length - 1] ?? 0;
  return {
    low: Math.min(p10, p50 - (p50 - least) * stretchOf(1 - (levels[0] ?? 0.1))),
    p10,
    p50,
    p90,
    high: Math.max(p90, p50 + (most - p50) * stretchOf(levels.at(-1) ?? 0.9)),
  };
}

/** How much further out than a quantile level the edge of the unusual lies; never nearer. */
function stretchOf(level: number): number {
  return Math.max(1, UNUSUAL_DEVIATIONS / deviationsOf(level));
}

/** Standard deviations of a level above one half (Hastings 26.2.23, good to .0005). */
function deviationsOf(level: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - level));
  const above = 2.515517 + t * (0.802853 + t * 0.010328);
  const below = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return t - above / below;
}

/**
 * What the steps expect together; `shares` (default 1 each) tells how much of each step counts, so that
 * a quarter hour that has begun counts in part. Centres add, edges widen as partly shared errors do.
 */
export function sumExpectations(
  steps: readonly Expectation[],
  shares?: readonly number[],
): Expectation {
  let centre = 0;
  const edges = { low: noErrors(), p10: noErrors(), p90: noErrors(), high: noErrors() };
  steps.forEach((step, index) => {
    const share = shares?.[index] ?? 1;
    centre += share * step.p50;
    // Orders come one by one: the error of part of a step shrinks with the root of the part.
    const part = Math.sqrt(share);
    addError(edges.low, part * (step.p50 - step.low));
    addError(edges.p10, part * (step.p50 - step.p10));
    addError(edges.p90, part * (step.p90 - step.p50));
    addError(edges.high, part * (step.high - step.p50));
  });
  const p10 = Math.max(centre - spread(edges.p10), Math.min(0, centre));
  const low = Math.min(p10, centre - spread(edges.low));
  return {
    low,
    p10,
    p50: centre,
    p90: centre + spread(edges.p90),
    high: centre + spread(edges.high),
  };
}

/** What is expected from the first step until an instant; a step under way counts by its elapsed part. */
export function expectedUntil(steps: readonly ForecastStep[], until: number): Expectation {
  const begun = steps.filter((step) => step.start < until);
  const shares = begun.map(({ start, end }) => Math.min(1, (until - start) / (end - start)));
  return sumExpectations(begun, shares);
}

/** The value at a quantile level, linear between the levels given and flat beyond them; 0 for none. */
export function quantileAt(
  levels: readonly number[],
  row: readonly number[],
  level: number,
): number {
  const upper = levels.findIndex((known) => known >= level - 1e-9);
  if (upper === -1) return row[levels.length - 1] ?? 0;
  const upperValue = row[upper] ?? 0;
  const upperLevel = levels[upper] ?? 1;
  if (upper === 0 || upperLevel - level < 1e-9) return upperValue;
  const lowerLevel = levels[upper - 1] ?? 0;
  const lowerValue = row[upper - 1] ?? upperValue;
  const part = (level - lowerLevel) / (upperLevel - lowerLevel);
  return lowerValue + (upperValue - lowerValue) * part;
}

/** The mean of the distribution, each level standing for the stretch of probability nearest to it. */
function meanOf(levels: readonly number[], row: readonly number[]): number {
  let mean = 0;
  levels.forEach((level, index) => {
    const from = index === 0 ? 0 : (level + (levels[index - 1] ?? 0)) / 2;
    const to = index === levels.length - 1 ? 1 : (level + (levels[index + 1] ?? 1)) / 2;
    mean += (row[index] ?? 0) * (to - from);
  });
  return mean;
}

function noErrors(): { sum: number; squares: number } {
  return { sum: 0, squares: 0 };
}

function addError(errors: { sum: number; squares: number }, error: number): void {
  errors.sum += error;
  errors.squares += error * error;
}

function spread(errors: { readonly sum: number; readonly squares: number }): number {
  return Math.sqrt(SHARED_ERROR * errors.sum ** 2 + (1 - SHARED_ERROR) * errors.squares);
}
