import type { Expectation } from "@tillcast/schemas/browser";

/** How sales stand against what was expected of them. */
export interface Deviation {
  /** -0.16 is 16 % below; null where next to nothing was expected. */
  readonly ratio: number | null;
  /** Outside the band in which 80 % of such moments fall, or within it. */
  readonly band: "low" | "asExpected" | "high";
}

/** Holds an amount in minor units against an expectation; undefined without one. */
export function deviationOf(
  net: bigint | string | number,
  expected: Expectation | null,
): Deviation | undefined {
  if (expected === null) return undefined;
  const amount = Number(net);
  const ratio = expected.p50 > 0 ? (amount - expected.p50) / expected.p50 : null;
  if (amount < expected.p10) return { ratio, band: "low" };
  if (amount > expected.p90) return { ratio, band: "high" };
  return { ratio, band: "asExpected" };
}
