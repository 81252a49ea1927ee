/** A metric as Prometheus' text format describes it. */
export interface ShownMetric {
  readonly name: string;
  readonly type: string;
  readonly help: string;
}

/** The metrics that a page of Prometheus' text format describes, by name. */
export function describedMetrics(page: string): readonly ShownMetric[] {
  const types = new Map(
    [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => [name, type]),
  );
  return [...page.matchAll(/^# HELP (\S+) (.*)$/gm)]
    .map(([, name = "", help = ""]) => ({ name, type: types.get(name) ?? "", help }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The rows of `docs/metrics.md`: name, type and what it tells. */
export function documentedMetrics(document: string): readonly ShownMetric[] {
  return [...document.matchAll(/^\| `(\S+?)(?:\{[^}]*\})?` \| (\w+) \| (.*) \|$/gm)]
    .map(([, name = "", type = "", help = ""]) => ({ name, type, help }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
