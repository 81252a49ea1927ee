/** The value that a share of the sorted values does not exceed; 0 for none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** `p50 / p95 / p99` in whole milliseconds. */
export const percentiles = (valuesMs: readonly number[]): string =>
  [0.5, 0.95, 0.99].map((share) => Math.round(percentile(valuesMs, share))).join(" / ");

/** `p50 / p99` in tenths of milliseconds. */
export const p50p99 = (valuesMs: readonly number[]): string =>
  [0.5, 0.99].map((share) => percentile(valuesMs, share).toFixed(1)).join(" / ");
