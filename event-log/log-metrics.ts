import { defineMetrics, type Metrics, type MetricsOf } from "@tillcast/core";

/** The table of the counter that readers share which store dead letters in their own transaction. */
export const deadLetterTable = {
  deadLetters: {
    type: "counter",
    name: "event_log_dead_letters_total",
    help: "Records set aside because they fail the same way each time.",
    labels: ["topic", "group"],
  },
} as const;

/** The table of the log's metrics. */
export const logMetricTable = {
  appendedRecords: {
    type: "counter",
    name: "event_log_appended_records_total",
    help: "Records made durable by this process.",
    labels: ["topic"],
  },
  appendSeconds: {
    type: "histogram",
    name: "event_log_append_seconds",
    help: "Time of one append statement.",
    labels: ["topic"],
  },
  refusedAppends: {
    type: "counter",
    name: "event_log_refused_appends_total",
    help: "Appends refused because too many were waiting.",
    labels: ["topic"],
  },
  queuedRecords: {
    type: "gauge",
    name: "event_log_queued_records",
    help: "Records that wait to be appended.",
    labels: ["topic"],
  },
  settledRecords: {
    type: "counter",
    name: "event_log_settled_records_total",
    help: "Records settled by this process.",
    labels: ["topic", "group"],
  },
  settleRetries: {
    type: "counter",
    name: "event_log_settle_retries_total",
    help: "Batches that failed and were retried.",
    labels: ["topic", "group"],
  },
  stoppedPartitions: {
    type: "gauge",
    name: "event_log_stopped_partitions",
    help: "Partitions that wait for an operator, by the code of the error that stopped them.",
    labels: ["topic", "group", "code"],
  },
} as const;

/** The counter of dead letters. */
export type DeadLetterMetrics = MetricsOf<typeof deadLetterTable>;

/** The metrics of the log. */
export type LogMetrics = MetricsOf<typeof logMetricTable> & DeadLetterMetrics;

/** Registers the metrics of the log. */
export function makeLogMetrics(metrics: Metrics): LogMetrics {
  return { ...defineMetrics(metrics, logMetricTable), ...deadLetterMetrics(metrics) };
}

/** Registers only the counter of dead letters. */
export function deadLetterMetrics(metrics: Metrics): DeadLetterMetrics {
  return defineMetrics(metrics, deadLetterTable);
}
