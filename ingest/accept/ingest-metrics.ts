import type { Metrics } from "@tillcast/core";
import { deadLetterCounter } from "@tillcast/event-log";
import type { OrderPushResponse } from "@tillcast/schemas";

/** What the intake counts. */
export interface IngestMetrics {
  answered(response: OrderPushResponse): void;
  released(count: number): void;
  /** Counts rejected orders of an inbox with the other dead letters. */
  setAside(of: { readonly topic: string; readonly group: string }, count: number): void;
  /** Observes the time from a request's arrival to its orders being durable. */
  observeAcceptSeconds(seconds: number): void;
}

/** Registers the intake's metrics. */
export function makeIngestMetrics(metrics: Metrics): IngestMetrics {
  const orders = metrics.counter({
    name: "ingest_orders_total",
    help: "Orders answered, by result.",
    labelNames: ["result"],
  });
  const released = metrics.counter({
    name: "ingest_released_total",
    help: "Parked orders whose store became known and that were appended to the log.",
  });
  const deadLetters = deadLetterCounter(metrics);
  const seconds = metrics.histogram({
    name: "ingest_accept_seconds",
    help: "Time from a request's arrival until its orders were durable.",
  });
  return {
    answered(response) {
      orders.inc({ result: "accepted" }, response.accepted);
      orders.inc({ result: "duplicate" }, response.duplicates);
      orders.inc({ result: "parked" }, response.parked);
      orders.inc({ result: "rejected" }, response.rejected);
    },
    released: (count) => released.inc(count),
    setAside: (of, count) => deadLetters.inc(of, count),
    observeAcceptSeconds: (value) => seconds.observe(value),
  };
}
