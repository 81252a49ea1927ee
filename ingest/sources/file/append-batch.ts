import { type Database, hasTurned } from "@tillcast/core/database";
import type { EventLog, Position } from "@tillcast/event-log";
import {
  contentHashOf,
  feedKeyOf,
  type OrderSnapshot,
  orderSnapshotCodec,
  topics,
} from "@tillcast/schemas";
import {
  type Decision,
  decideOrder,
  markDuplicates,
  placeOf,
  type Stamp,
} from "../../accept/decide-orders.ts";
import type { KnownVersions } from "../../accept/known-versions.ts";
import type { Fault } from "../../orders/faults.ts";
import { parseOrder } from "../../orders/parse-order.ts";
import type { KnownStores } from "../../places/known-stores.ts";
import { asLogUnavailable, asUnavailable } from "../push/unavailable.ts";
import { type BuiltOrder, rowFaultOf } from "./build-orders.ts";
import type { RowFault } from "./import-profile.ts";
import { nameOrders } from "./name-orders.ts";

/** Hears what became of each order. */
export interface ImportTally {
  accept(order: OrderSnapshot): void;
  duplicate(order: OrderSnapshot): void;
  /** One order, or one row that belongs to none. */
  reject(faults: readonly RowFault[]): void;
  appended(positions: readonly Position[]): void;
}

export interface BatchDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly stores: KnownStores;
  readonly versions: KnownVersions;
  readonly stamp: Stamp;
  readonly naming: Parameters<typeof nameOrders>[2];
}

/** Checks orders as a push would, leaves out what is known, and appends the rest to the backfill topic. */
export async function appendBatch(
  deps: BatchDeps,
  orders: readonly BuiltOrder[],
  tally: ImportTally,
): Promise<void> {
  if (orders.length === 0) return;
  const { decided, known } = await name(deps, reconcile(await decide(deps, orders), orders));
  const accepted: OrderSnapshot[] = [];
  markDuplicates(decided, known).forEach((decision, at) => {
    const built = orders[at] as BuiltOrder;
    if (decision.result === "accepted") {
      accepted.push(decision.snapshot);
      // What does not fit the known order is parked by the ledger, and listed as a conflict of names.
      if (decision.misfit === undefined) tally.accept(decision.snapshot);
      else tally.reject([rowFaultOf(built, { field: "orderId", reason: decision.misfit })]);
    } else if (decision.result === "duplicate") tally.duplicate(decision.snapshot);
    else tally.reject(faultsOf(decision).map((fault) => rowFaultOf(built, fault)));
  });
  await appendSnapshots(deps.eventLog, accepted, tally);
}

/** Appends orders to the backfill topic. */
export async function appendSnapshots(
  eventLog: EventLog,
  snapshots: readonly OrderSnapshot[],
  tally: Pick<ImportTally, "appended">,
): Promise<void> {
  if (snapshots.length === 0) return;
  const records = snapshots.map((snapshot) => ({
    key: feedKeyOf(snapshot),
    value: orderSnapshotCodec.encode(snapshot),
  }));
  const positions = await eventLog
    .append(topics.ordersBackfill.topic, records)
    .catch((error: unknown) => {
      throw asLogUnavailable(error);
    });
  tally.appended(positions);
}

async function decide(deps: BatchDeps, orders: readonly BuiltOrder[]): Promise<Decision[]> {
  const parsed = orders.map(({ push }) => parseOrder(push));
  const [first] = parsed.flatMap((one) => ("order" in one ? [placeOf(one.order)] : []));
  // All orders of an import are of one feed.
  const places = first === undefined ? [] : await deps.stores.resolve(deps.stamp.tenantId, [first]);
  const writesPresent = await hasTurned(deps.database.service);
  return parsed.map((one) => decideOrder(one, places[0], { ...deps.stamp, writesPresent }));
}

/** A bill that states its own total counts by it: what its lines do not explain is `unreconciled`. */
function reconcile(decisions: readonly Decision[], orders: readonly BuiltOrder[]): Decision[] {
  return decisions.map((decision, at) => {
    const stated = orders[at]?.total;
    if (decision.result !== "accepted" || stated === undefined) return decision;
    const unreconciled = BigInt(stated) - decision.snapshot.totals.total;
    if (unreconciled === 0n) return decision;
    const snapshot = { ...decision.snapshot, unreconciled };
    const version = { ...snapshot.version, hash: contentHashOf(snapshot) };
    return { ...decision, snapshot: { ...snapshot, version } };
  });
}

/** Gives accepted orders their names; one whose number is another bill's is rejected. */
async function name(deps: BatchDeps, decisions: readonly Decision[]) {
  const snapshots = decisions.flatMap((one) => (one.result === "accepted" ? [one.snapshot] : []));
  const { named, known } = await nameOrders(deps, snapshots, deps.naming).catch(
    (error: unknown) => {
      throw asUnavailable(error);
    },
  );
  let next = 0;
  const decided = decisions.map((decision): Decision => {
    if (decision.result !== "accepted") return decision;
    const given = named[next++];
    if (given === undefined) return decision;
    if ("snapshot" in given) return { ...decision, ...given };
    const faults: Fault[] = [given];
    return { result: "rejected", orderId: decision.snapshot.orderId, faults };
  });
  return { decided, known };
}

function faultsOf(decision: Exclude<Decision, { result: "accepted" | "duplicate" }>): Fault[] {
  if (decision.result === "rejected") return [...decision.faults];
  return [{ field: "store", reason: decision.reason }];
}
