/** Words of PromQL that stand where a metric could. */
const promqlWords = new Set(
  "sum max min by absent time rate increase histogram_quantile or and unless on le".split(" "),
);

/** The metrics that a PromQL expression names. */
export function metricsNamedBy(expression: string): readonly string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, "")
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]/g, "")
    .replaceAll(/\b(?:by|without|on) *\([^)]*\)/g, "");
  const words = [...bare.matchAll(/[a-zA-Z_:][\w:]*/g)].map(([word]) => word);
  return [...new Set(words.filter((word) => !promqlWords.has(word)))];
}

/** A histogram is asked for by the series that it consists of. */
export function metricOfSeries(series: string, histograms: ReadonlySet<string>): string {
  const base = series.replace(/_(?:bucket|count|sum)$/, "");
  return histograms.has(base) ? base : series;
}
