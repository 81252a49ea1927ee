import { defineMetrics, type Metrics } from "@tillcast/core";
import { deadLetterMetrics } from "@tillcast/event-log";
import type { OrderPushResponse } from "@tillcast/schemas";

const ingestMetrics = {
  orders: {
    type: "counter",
    name: "ingest_orders_total",
    help: "Orders answered, by result.",
    labels: ["result"],
  },
  released: {
    type: "counter",
    name: "ingest_released_total",
    help: "Parked orders whose store became known and that were appended to the log.",
  },
  seconds: {
    type: "histogram",
    name: "ingest_accept_seconds",
    help: "Time from a request's arrival until its orders were durable.",
  },
} as const;

/** The metrics of ingest. */
export interface IngestMetrics {
  answered(response: OrderPushResponse): void;
  released(count: number): void;
  /** Counts rejected orders of an inbox as dead letters. */
  setAside(of: { readonly topic: string; readonly group: string }, count: number): void;
  /** Observes the time from a request's arrival until its orders are durable. */
  observeAcceptSeconds(seconds: number): void;
}

/** Registers the metrics of ingest. */
export function makeIngestMetrics(metrics: Metrics): IngestMetrics {
  const { orders, released, seconds } = defineMetrics(metrics, ingestMetrics);
  const { deadLetters } = deadLetterMetrics(metrics);
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
