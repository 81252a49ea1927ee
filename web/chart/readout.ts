import { wholeMoney } from "../format/numbers.ts";
import { clock, clockRange } from "../format/times.ts";
import { text } from "../i18n/text.ts";
import type { AlignedData, ChartGrain } from "../live/aligned-data.ts";

/** What one point of the chart says, in words. */
export interface Readout {
  readonly when: string;
  readonly actual: string | undefined;
  readonly expected: string | undefined;
  readonly band: string | undefined;
  readonly lastWeek: string | undefined;
}

/** How amounts and times are written. */
export interface ReadoutStyle {
  readonly timeZone: string;
  readonly currency: string;
  readonly grain: ChartGrain;
}

/** Reads one point; undefined outside the chart. */
export function readPoint(
  data: AlignedData,
  index: number,
  { timeZone, currency, grain }: ReadoutStyle,
): Readout | undefined {
  const bucket = data.buckets[index];
  if (bucket === undefined) return undefined;
  const money = (amount: number | null | undefined) =>
    amount == null ? undefined : wholeMoney(Math.round(amount), currency);
  const low = money(data.p10[index] ?? data.fanP10[index]);
  const high = money(data.p90[index] ?? data.fanP90[index]);
  return {
    when:
      grain === "total"
        ? text("chart.until", { time: clock(bucket.end, timeZone) })
        : clockRange(bucket.start, bucket.end, timeZone),
    actual: money(data.actual[index] ?? data.running[index]),
    expected: money(data.expected[index] ?? data.fan[index]),
    band: low === undefined || high === undefined ? undefined : `${low}–${high}`,
    lastWeek: money(data.lastWeek[index]),
  };
}

/** The readout as one sentence, for a screen reader. */
export function readoutText({ when, actual, expected, band, lastWeek }: Readout): string {
  const named = [
    [text("chart.actual"), actual],
    [text("chart.expected"), expected],
    [text("chart.band"), band],
    [text("chart.lastWeek"), lastWeek],
  ] as const;
  const values = named
    .flatMap(([name, amount]) =>
      amount === undefined ? [] : text("chart.value", { name, amount }),
    )
    .join(", ");
  return text("chart.readout", { when, values });
}
