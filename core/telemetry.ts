import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** A metric's name, its meaning, and its labels. */
export interface MetricOptions<Label extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
}

export interface GaugeOptions<Label extends string = string> extends MetricOptions<Label> {
  /** Sets the gauge when the metrics are read. */
  readonly collect?: (gauge: Gauge<Label>) => void | Promise<void>;
}

export interface CounterOptions<Label extends string = string> extends MetricOptions<Label> {
  /** Counts anew when it is read, where something else keeps the count. */
  readonly collect?: (counter: Counter<Label>) => void;
}

export interface HistogramOptions<Label extends string = string> extends MetricOptions<Label> {
  /** Upper bounds. Default `latencyBucketsSeconds`. */
  readonly buckets?: readonly number[];
}

/** One process's metrics. A second call with the same name returns the same metric. */
export interface Metrics {
  counter<Label extends string>(options: CounterOptions<Label>): Counter<Label>;
  gauge<Label extends string>(options: GaugeOptions<Label>): Gauge<Label>;
  histogram<Label extends string>(options: HistogramOptions<Label>): Histogram<Label>;
  /** All metrics in Prometheus' text format. */
  text(): Promise<string>;
  /** The content type of `text()`. */
  readonly contentType: string;
}

/** From a millisecond to ten seconds. The limits promised for p95 and p99 are among the bounds. */
export const latencyBucketsSeconds: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.1, 0.25, 0.5, 1, 2, 5, 10,
];

/** One row of a table of metrics. */
interface MetricRow {
  readonly type: "counter" | "gauge" | "histogram";
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}

type LabelOf<Row extends MetricRow> = Row["labels"] extends readonly (infer Label extends string)[]
  ? Label
  : never;

/** The metrics of a table, by the keys of its rows. */
export type MetricsOf<Table extends Readonly<Record<string, MetricRow>>> = {
  readonly [Key in keyof Table]: {
    readonly counter: Counter<LabelOf<Table[Key]>>;
    readonly gauge: Gauge<LabelOf<Table[Key]>>;
    readonly histogram: Histogram<LabelOf<Table[Key]>>;
  }[Table[Key]["type"]];
};

/** Registers the metrics of a table in a process's metrics. */
export function defineMetrics<const Table extends Readonly<Record<string, MetricRow>>>(
  metrics: Metrics,
  table: Table,
): MetricsOf<Table> {
  const made = Object.entries(table).map(([key, { type, name, help, labels = [] }]) => [
    key,
    metrics[type]({ name, help, labelNames: labels }),
  ]);
  return Object.fromEntries(made) as MetricsOf<Table>;
}

/** Makes an empty registry. `processMetrics` adds Node's own metrics (memory, event loop, garbage collection). */
export function makeMetrics(options: { readonly processMetrics?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.processMetrics === true) collectDefaultMetrics({ register: registry });

  function once<Metric>(name: string, make: () => Metric): Metric {
    return (registry.getSingleMetric(name) as Metric | undefined) ?? make();
  }
  return {
    counter: <Label extends string>(o: CounterOptions<Label>) =>
      once(o.name, () => {
        const { collect } = o;
        if (collect === undefined) return new Counter<Label>(common(registry, o));
        return new Counter<Label>({
          ...common(registry, o),
          collect() {
            collect(this);
          },
        });
      }),
    gauge: <Label extends string>(o: GaugeOptions<Label>) =>
      once(o.name, () => {
        const { collect } = o;
        if (collect === undefined) return new Gauge<Label>(common(registry, o));
        return new Gauge<Label>({
          ...common(registry, o),
          collect() {
            return collect(this);
          },
        });
      }),
    histogram: <Label extends string>(o: HistogramOptions<Label>) =>
      once(
        o.name,
        () =>
          new Histogram<Label>({
            ...common(registry, o),
            buckets: [...(o.buckets ?? latencyBucketsSeconds)],
          }),
      ),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

function common<Label extends string>(registry: Registry, options: MetricOptions<Label>) {
  return {
    name: options.name,
    help: options.help,
    labelNames: [...(options.labelNames ?? [])],
    registers: [registry],
  };
}
