import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What a metric is called, what it tells, and which labels it carries. */
export interface MetricOptions<Label extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
}

export interface GaugeOptions<Label extends string = string> extends MetricOptions<Label> {
  /** Sets the gauge when it is read. */
  readonly collect?: (gauge: Gauge<Label>) => void | Promise<void>;
}

export interface CounterOptions<Label extends string = string> extends MetricOptions<Label> {
  /** Counts anew when it is read, where something else keeps the count. */
  readonly collect?: (counter: Counter<Label>) => void;
}

export interface HistogramOptions<Label extends string = string> extends MetricOptions<Label> {
  /** Upper bounds; `latencyBucketsSeconds` when absent. */
  readonly buckets?: readonly number[];
}

/** One process's metrics. Asking twice for one name answers the same metric. */
export interface Metrics {
  counter<Label extends string>(options: CounterOptions<Label>): Counter<Label>;
  gauge<Label extends string>(options: GaugeOptions<Label>): Gauge<Label>;
  histogram<Label extends string>(options: HistogramOptions<Label>): Histogram<Label>;
  /** Everything in Prometheus' text format. */
  text(): Promise<string>;
  /** The content type of `text()`. */
  readonly contentType: string;
}

/** From a millisecond to ten seconds; the promises of p95 and p99 lie on bounds. */
export const latencyBucketsSeconds: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.02, 0.04, 0.1, 0.25, 0.5, 1, 2, 5, 10,
];

/** Makes an empty registry; `processMetrics` adds Node's own (memory, event loop, garbage). */
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
