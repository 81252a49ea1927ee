/** Turns stores' histories into the rows the network learns from. */
import type { Series } from "../series.ts";
import { dayFeatures, featureCount, levelAt } from "./day-features.ts";

/** Rows of equal length, column by column where it is a scalar. */
export interface TrainingRows {
  readonly count: number;
  /** `count` x `featureCount`. */
  readonly features: Float32Array;
  /** What was sold, in units of the store's level. */
  readonly targets: Float32Array;
  readonly bases: Float32Array;
  /** How much each row counts; newer rows count more. */
  readonly weights: Float32Array;
}

export interface TrainingRowLimits {
  /** Origins before this many days ago teach little and cost time. */
  readonly originDaysMax: number;
  /** Days a store must have before its first origin. */
  readonly warmUpDays: number;
  /** Most rows in all; above it, origins are thinned evenly. */
  readonly rowMaxCount: number;
}

/** Enough for every pattern found on the measured shops. */
export const trainingRowLimits: TrainingRowLimits = {
  originDaysMax: 400,
  warmUpDays: 28,
  rowMaxCount: 160_000,
};

const horizonDays = 7;
/** Three of seven leads for each origin, turning with it: less of the same, in a third of the time. */
const leadTurns = [0, 2, 5] as const;
/** An hour of more usual hours than this is a fault or a feast; beyond it nothing more is learnt. */
const unitsMax = 100;
/** A row's weight falls to 1/e in this many days. */
const weightFadeDays = 180;

/** Builds rows at every origin of every store, as `limits` allow. */
export function trainingRows(
  stores: readonly Series[],
  limits: TrainingRowLimits = trainingRowLimits,
): TrainingRows {
  const wanted = stores.map((one) => plannedDays(one, limits));
  const cells = stores.reduce(
    (sum, one, index) => sum + (wanted[index] as PlannedDay[]).length * openShare(one),
    0,
  );
  const keepEvery = Math.max(1, Math.ceil(cells / limits.rowMaxCount));
  const rows = new RowBuffer();
  for (const [index, one] of stores.entries()) {
    for (const [position, plan] of (wanted[index] as PlannedDay[]).entries()) {
      if (position % keepEvery === 0) addDay(rows, one, plan);
    }
  }
  return rows.finish();
}

interface PlannedDay {
  readonly origin: number;
  readonly target: number;
}

function plannedDays(series: Series, limits: TrainingRowLimits): PlannedDay[] {
  const plans: PlannedDay[] = [];
  const first = Math.max(limits.warmUpDays, series.dayCount - limits.originDaysMax);
  for (let origin = first; origin < series.dayCount; origin++) {
    for (const turn of leadTurns) {
      const target = origin + ((origin * 3 + turn) % horizonDays);
      if (target < series.dayCount) plans.push({ origin, target });
    }
  }
  return plans;
}

function openShare(series: Series): number {
  const open = series.open.reduce((sum, value) => sum + value, 0);
  return open / Math.max(1, series.dayCount);
}

function addDay(rows: RowBuffer, series: Series, plan: PlannedDay): void {
  const width = series.hours.length;
  const from = plan.target * width;
  if (!series.open.subarray(from, from + width).includes(1)) return;
  if (levelAt(series, plan.origin) === undefined) return;
  const day = dayFeatures(series, plan.target, plan.origin);
  const weight = Math.exp(-(series.dayCount - plan.target) / weightFadeDays);
  for (let slot = 0; slot < width; slot++) {
    if (series.open[from + slot] !== 1) continue;
    rows.add(
      day.features.subarray(slot * featureCount, (slot + 1) * featureCount),
      Math.min(unitsMax, Math.max(-unitsMax, (series.values[from + slot] as number) / day.level)),
      Math.min(unitsMax, day.base[slot] as number),
      weight,
    );
  }
}

/** A table that grows. */
class RowBuffer {
  #count = 0;
  #features = new Float32Array(4096 * featureCount);
  #scalars = new Float32Array(4096 * 3);

  add(features: Float32Array, target: number, base: number, weight: number): void {
    if ((this.#count + 1) * 3 > this.#scalars.length) {
      this.#features = doubled(this.#features);
      this.#scalars = doubled(this.#scalars);
    }
    this.#features.set(features, this.#count * featureCount);
    this.#scalars.set([target, base, weight], this.#count * 3);
    this.#count++;
  }

  finish(): TrainingRows {
    const column = (offset: number) =>
      Float32Array.from(
        { length: this.#count },
        (_, row) => this.#scalars[row * 3 + offset] as number,
      );
    return {
      count: this.#count,
      features: this.#features.subarray(0, this.#count * featureCount),
      targets: column(0),
      bases: column(1),
      weights: column(2),
    };
  }
}

function doubled(values: Float32Array): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(values.length * 2);
  larger.set(values);
  return larger;
}
