import type { Metrics } from "@tillcast/core";
import type { LogBatch } from "@tillcast/event-log";
import type { SettledBatch } from "./post-folded.ts";

/** The ledger processor's metrics, under the names that the runbook uses. */
export function ledgerMetrics(metrics: Metrics) {
  const settled = metrics.counter({
    name: "tillcast_orders_settled_total",
    help: "Order snapshots that the ledger took, by topic.",
    labelNames: ["topic"],
  });
  const unchanged = metrics.counter({
    name: "tillcast_orders_unchanged_total",
    help: "Order snapshots that were not newer than their head.",
  });
  const conflicts = metrics.counter({
    name: "conflicting_versions_total",
    help: "Orders whose vendor gave one version to two contents; the later one won.",
  });
  const nameConflicts = metrics.counter({
    name: "tillcast_name_conflicts_total",
    help: "Order snapshots that did not fit the order known under their number; kept with both pictures, and not counted.",
  });
  const unreconciled = metrics.counter({
    name: "tillcast_unreconciled_orders_total",
    help: "Pictures of orders that were counted with an amount that their parts do not explain.",
  });
  const duration = metrics.histogram({
    name: "tillcast_ledger_batch_seconds",
    help: "Time from a transaction's start to its commit, which settles batches of one or more partitions.",
  });
  const delay = metrics.histogram({
    name: "tillcast_received_to_committed_seconds",
    help: "From the receipt of the newest order that a batch holds of a store to the commit, by topic.",
    labelNames: ["topic"],
  });
  const publishing = metrics.histogram({
    name: "tillcast_publish_seconds",
    help: "Time from a batch's commit until what it changed was published, retries included.",
  });
  return {
    settled(
      batches: readonly LogBatch[],
      result: SettledBatch,
      seconds: number,
      nowMs: number,
    ): void {
      for (const { topic, records } of batches) settled.inc({ topic }, records.length);
      unchanged.inc(result.unchanged);
      conflicts.inc(result.conflicts);
      nameConflicts.inc(result.nameConflicts);
      unreconciled.inc(result.unreconciled);
      duration.observe(seconds);
      const topic = batches[0]?.topic ?? "";
      for (const receivedAt of result.receivedAt.values()) {
        delay.observe({ topic }, (nowMs - receivedAt) / 1_000);
      }
    },
    published: (seconds: number): void => publishing.observe(seconds),
  };
}
