import type { Metrics } from "@tillcast/core";
import type { Counter, Gauge, Histogram } from "prom-client";

/** What the log counts. */
export interface LogMetrics {
  readonly appendedRecords: Counter<"topic">;
  readonly appendSeconds: Histogram<"topic">;
  readonly refusedAppends: Counter<"topic">;
  readonly queuedRecords: Gauge<"topic">;
  readonly settledRecords: Counter<"topic" | "group">;
  readonly settleRetries: Counter<"topic" | "group">;
  readonly deadLetters: Counter<"topic" | "group">;
  readonly stoppedPartitions: Gauge<"topic" | "group" | "code">;
}

const perGroup = ["topic", "group"] as const;

/** Counts records set aside; also for a reader that sets records aside in its own transaction. */
export function deadLetterCounter(metrics: Metrics): Counter<"topic" | "group"> {
  return metrics.counter({
    name: "event_log_dead_letters_total",
    help: "Records set aside because they fail the same way each time.",
    labelNames: perGroup,
  });
}

/** Registers the log's metrics. */
export function makeLogMetrics(metrics: Metrics): LogMetrics {
  return {
    appendedRecords: metrics.counter({
      name: "event_log_appended_records_total",
      help: "Records made durable by this process.",
      labelNames: ["topic"],
    }),
    appendSeconds: metrics.histogram({
      name: "event_log_append_seconds",
      help: "Time of one append statement.",
      labelNames: ["topic"],
    }),
    refusedAppends: metrics.counter({
      name: "event_log_refused_appends_total",
      help: "Appends refused because too many were waiting.",
      labelNames: ["topic"],
    }),
    queuedRecords: metrics.gauge({
      name: "event_log_queued_records",
      help: "Records that wait to be appended.",
      labelNames: ["topic"],
    }),
    settledRecords: metrics.counter({
      name: "event_log_settled_records_total",
      help: "Records settled by this process.",
      labelNames: perGroup,
    }),
    settleRetries: metrics.counter({
      name: "event_log_settle_retries_total",
      help: "Batches that failed and were tried again.",
      labelNames: perGroup,
    }),
    deadLetters: deadLetterCounter(metrics),
    stoppedPartitions: metrics.gauge({
      name: "event_log_stopped_partitions",
      help: "Partitions that stand until somebody decides, by the code of the error that stopped them.",
      labelNames: [...perGroup, "code"],
    }),
  };
}
