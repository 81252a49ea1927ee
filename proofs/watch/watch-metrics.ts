import type { Metrics } from "@tillcast/core";
import type { PartitionBalance } from "../balance/balance.ts";
import type { Balance } from "../balance/load-balance.ts";
import type { PartitionLag } from "./load-lags.ts";
import type { Look } from "./take-look.ts";

/** What the watch shows; told by the tables, so that every process with a watch shows the same. */
export function makeWatchMetrics(metrics: Metrics) {
  const perTopic = ["topic"] as const;
  const accepted = metrics.gauge({
    name: "tillcast_balance_accepted_records",
    help: "Records that an order topic took since the ledger's tally began.",
    labelNames: perTopic,
  });
  const settled = metrics.gauge({
    name: "tillcast_balance_settled_records",
    help: "Records of an order topic that the ledger settled since its tally began.",
    labelNames: perTopic,
  });
  const deadLetters = metrics.gauge({
    name: "tillcast_balance_dead_letters",
    help: "Records of an order topic that were set aside since the ledger's tally began.",
    labelNames: perTopic,
  });
  const difference = metrics.gauge({
    name: "tillcast_balance_difference",
    help: "Records of an order topic that are unaccounted for: passed over, settled more than once, or gone from the log; anything but 0 is a fault.",
    labelNames: perTopic,
  });
  const differing = metrics.gauge({
    name: "tillcast_balance_differing_entries",
    help: "Sums of ledger entries that differ from what their order's head says was posted, as found by the latest round over all orders.",
  });
  const parked = metrics.gauge({
    name: "tillcast_parked_orders",
    help: "Orders that are acknowledged, kept and not counted, since their store is not known.",
  });
  const nameConflicts = metrics.gauge({
    name: "tillcast_name_conflicts",
    help: "Order snapshots that bear the number of another order, wait for a decision, and are not counted.",
  });
  const lag = metrics.gauge({
    name: "tillcast_log_lag_records",
    help: "Records that a group has not settled.",
    labelNames: ["topic", "partition", "group"],
  });
  const oldest = metrics.gauge({
    name: "tillcast_log_oldest_unsettled_seconds",
    help: "Age of the oldest record that a group has not settled; 0 where none waits.",
    labelNames: ["topic", "group"],
  });
  const expected = metrics.gauge({
    name: "tillcast_feeds_expected",
    help: "Feeds that should be heard of now: their store is open, or they send heartbeats.",
  });
  const lastLook = metrics.gauge({
    name: "tillcast_watch_last_look_timestamp_seconds",
    help: "When the watch last looked at all of this, in Unix time.",
  });
  function showBalance({
    partitions,
    parked: parkedOrders,
    nameConflicts: inConflict,
  }: Balance): void {
    for (const topic of new Set(partitions.map((one) => one.topic))) {
      const ofTopic = partitions.filter((one) => one.topic === topic);
      const sum = (of: (one: PartitionBalance) => bigint) =>
        Number(ofTopic.reduce((total, one) => total + of(one), 0n));
      accepted.set(
        { topic },
        sum((one) => one.accepted),
      );
      settled.set(
        { topic },
        sum((one) => one.settled),
      );
      deadLetters.set(
        { topic },
        sum((one) => one.deadLetters),
      );
      // Two faults must not cancel each other out.
      difference.set(
        { topic },
        sum((one) => magnitude(one.difference) + one.lost),
      );
    }
    parked.set(Number(parkedOrders));
    nameConflicts.set(Number(inConflict));
  }

  function showLags(lags: readonly PartitionLag[], nowMs: number): void {
    lag.reset();
    oldest.reset();
    const ages = new Map<string, number>();
    for (const { topic, group, partition, lagRecords, oldestAt } of lags) {
      lag.set({ topic, partition: String(partition), group }, lagRecords);
      const ageMs = oldestAt === null ? 0 : Math.max(0, nowMs - oldestAt);
      const key = `${topic} ${group}`;
      ages.set(key, Math.max(ages.get(key) ?? 0, ageMs));
      oldest.set({ topic, group }, (ages.get(key) ?? 0) / 1_000);
    }
  }

  return {
    /** Shows what a look saw. */
    show(look: Look, differingEntries: number, nowMs: number): void {
      showBalance(look.balance);
      differing.set(differingEntries);
      showLags(look.lags, nowMs);
      expected.set(look.feedsExpected);
      lastLook.set(nowMs / 1_000);
    },
  };
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
