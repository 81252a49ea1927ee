import type { EventLog, Position } from "@tillcast/core";
import {
  feedKeyOf,
  type OrderPushInput,
  type OrderSnapshot,
  orderSnapshotCodec,
  topics,
} from "@tillcast/schemas";
import { type Decision, decideOrder, markDuplicates, placeOf } from "../accept/decide-orders.ts";
import type { KnownStores } from "../accept/known-stores.ts";
import type { KnownVersions } from "../accept/known-versions.ts";
import { parseOrder } from "../accept/parse-order.ts";
import { asLogUnavailable, asUnavailable } from "../accept/unavailable.ts";
import { rowFaultOf } from "./build-order.ts";
import type { GatheredOrder } from "./gather-orders.ts";
import type { RowFault } from "./import-profile.ts";

/** Hears what became of each order. */
export interface ImportTally {
  accept(net: bigint): void;
  duplicate(net: bigint): void;
  /** One order, or one row that belongs to none. */
  reject(faults: readonly RowFault[]): void;
  appended(positions: readonly Position[]): void;
}

export interface BatchDeps {
  readonly eventLog: EventLog;
  readonly stores: KnownStores;
  readonly versions: KnownVersions;
  readonly stamp: { readonly tenantId: string; readonly receivedAt: number };
}

/** An order built from its rows, and the rows, so that a fault can name its own. */
export interface BuiltFromRows {
  readonly gathered: GatheredOrder;
  readonly push: OrderPushInput;
}

/** Checks orders as a push would, leaves out what is known, and appends the rest to the backfill topic. */
export async function appendBatch(
  deps: BatchDeps,
  orders: readonly BuiltFromRows[],
  tally: ImportTally,
): Promise<void> {
  if (orders.length === 0) return;
  const decided = await decide(deps, orders);
  const keys = decided.flatMap((one) => (one.result === "accepted" ? [one.orderKey] : []));
  const known = await deps.versions.find(keys).catch((error: unknown) => {
    throw asUnavailable(error);
  });
  const accepted: OrderSnapshot[] = [];
  markDuplicates(decided, known).forEach((decision, at) => {
    const { gathered } = orders[at] as BuiltFromRows;
    if (decision.result === "accepted") {
      accepted.push(decision.snapshot);
      // What does not fit the known order is parked by the ledger, and listed as a conflict of names.
      if (decision.misfit === undefined) tally.accept(netOf(decision.snapshot));
      else tally.reject([rowFaultOf(gathered, { field: "orderId", reason: decision.misfit })]);
    } else if (decision.result === "duplicate") tally.duplicate(netOf(decision.snapshot));
    else tally.reject(faultsOf(decision).map((fault) => rowFaultOf(gathered, fault)));
  });
  if (accepted.length === 0) return;
  const records = accepted.map((snapshot) => ({
    key: feedKeyOf(snapshot),
    value: orderSnapshotCodec.encode(snapshot),
  }));
  const positions = await deps.eventLog
    .append(topics.ordersBackfill.topic, records)
    .catch((error: unknown) => {
      throw asLogUnavailable(error);
    });
  tally.appended(positions);
}

async function decide(deps: BatchDeps, orders: readonly BuiltFromRows[]): Promise<Decision[]> {
  const parsed = orders.map(({ push }) => parseOrder(push));
  const [first] = parsed.flatMap((one) => ("order" in one ? [placeOf(one.order)] : []));
  // All orders of an import are of one feed.
  const places = first === undefined ? [] : await deps.stores.resolve(deps.stamp.tenantId, [first]);
  return parsed.map((one) => decideOrder(one, places[0], deps.stamp));
}

function faultsOf(decision: Exclude<Decision, { result: "accepted" | "duplicate" }>) {
  if (decision.result === "rejected") return decision.faults;
  return [{ field: "store", reason: decision.reason }];
}

function netOf({ kind, totals }: OrderSnapshot): bigint {
  return kind === "return" ? -totals.net : totals.net;
}
