import { defineMetrics, type Metrics } from "@tillcast/core";
import type { PartitionBalance } from "../balance/balance.ts";
import type { Balance } from "../balance/load-balance.ts";
import type { PartitionLag } from "./load-lags.ts";
import type { Look } from "./take-look.ts";

const watchMetrics = {
  accepted: {
    type: "gauge",
    name: "tillcast_balance_accepted_records",
    help: "Records that an order topic took since the ledger's tally began.",
    labels: ["topic"],
  },
  settled: {
    type: "gauge",
    name: "tillcast_balance_settled_records",
    help: "Records of an order topic that the ledger settled since its tally began.",
    labels: ["topic"],
  },
  deadLetters: {
    type: "gauge",
    name: "tillcast_balance_dead_letters",
    help: "Records of an order topic that were set aside since the ledger's tally began.",
    labels: ["topic"],
  },
  difference: {
    type: "gauge",
    name: "tillcast_balance_difference",
    help: "Records of an order topic that are unaccounted for: passed over, settled more than once, or gone from the log; anything but 0 is a fault.",
    labels: ["topic"],
  },
  differing: {
    type: "gauge",
    name: "tillcast_balance_differing_entries",
    help: "Sums of ledger entries that differ from what their order's head says was posted, as found by the latest round over all orders.",
  },
  parked: {
    type: "gauge",
    name: "tillcast_parked_orders",
    help: "Orders that are acknowledged, kept and not counted, since their store is not known.",
  },
  nameConflicts: {
    type: "gauge",
    name: "tillcast_name_conflicts",
    help: "Order snapshots that bear the number of another order, wait for a decision, and are not counted.",
  },
  lag: {
    type: "gauge",
    name: "tillcast_log_lag_records",
    help: "Records that a group has not settled.",
    labels: ["topic", "partition", "group"],
  },
  oldest: {
    type: "gauge",
    name: "tillcast_log_oldest_unsettled_seconds",
    help: "Age of the oldest record that a group has not settled; 0 where none waits.",
    labels: ["topic", "group"],
  },
  expected: {
    type: "gauge",
    name: "tillcast_feeds_expected",
    help: "Feeds that should be heard of now: their store is open, or they send heartbeats.",
  },
  lastLook: {
    type: "gauge",
    name: "tillcast_watch_last_look_timestamp_seconds",
    help: "When the watch last looked at all of this, in Unix time.",
  },
} as const;

/** The metrics of the watch. They come from the tables, so every process with a watch shows the same values. */
export function makeWatchMetrics(metrics: Metrics) {
  const shown = defineMetrics(metrics, watchMetrics);

  function showBalance({ partitions, parked, nameConflicts }: Balance): void {
    for (const topic of new Set(partitions.map((one) => one.topic))) {
      const ofTopic = partitions.filter((one) => one.topic === topic);
      const sum = (of: (one: PartitionBalance) => bigint) =>
        Number(ofTopic.reduce((total, one) => total + of(one), 0n));
      shown.accepted.set(
        { topic },
        sum((one) => one.accepted),
      );
      shown.settled.set(
        { topic },
        sum((one) => one.settled),
      );
      shown.deadLetters.set(
        { topic },
        sum((one) => one.deadLetters),
      );
      // Two faults must not cancel each other out.
      shown.difference.set(
        { topic },
        sum((one) => magnitude(one.difference) + one.lost),
      );
    }
    shown.parked.set(Number(parked));
    shown.nameConflicts.set(Number(nameConflicts));
  }

  function showLags(lags: readonly PartitionLag[], nowMs: number): void {
    shown.lag.reset();
    shown.oldest.reset();
    const ages = new Map<string, number>();
    for (const { topic, group, partition, lagRecords, oldestAt } of lags) {
      shown.lag.set({ topic, partition: String(partition), group }, lagRecords);
      const ageMs = oldestAt === null ? 0 : Math.max(0, nowMs - oldestAt);
      const key = `${topic} ${group}`;
      ages.set(key, Math.max(ages.get(key) ?? 0, ageMs));
      shown.oldest.set({ topic, group }, (ages.get(key) ?? 0) / 1_000);
    }
  }

  return {
    /** Shows the results of one check. */
    show(look: Look, differingEntries: number, nowMs: number): void {
      showBalance(look.balance);
      shown.differing.set(differingEntries);
      showLags(look.lags, nowMs);
      shown.expected.set(look.feedsExpected);
      shown.lastLook.set(nowMs / 1_000);
    },
  };
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
