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
  originOf,
  type RequestContext,
} from "../../accept/decide-orders.ts";
import type { KnownVersions } from "../../accept/known-versions.ts";
import type { Fault } from "../../orders/faults.ts";
import { parseOrder } from "../../orders/parse-order.ts";
import type { StoreLookup } from "../../places/store-lookup.ts";
import { asLogUnavailable, asUnavailable } from "../push/unavailable.ts";
import { type BuiltOrder, rowFaultOf } from "./build-orders.ts";
import type { RowFault } from "./import-profile.ts";
import { nameOrders } from "./name-orders.ts";

/** Gets the result of each order. */
export interface ImportTally {
  accept(order: OrderSnapshot): void;
  duplicate(order: OrderSnapshot): void;
  /** One rejected order, or one bad row without an order. */
  reject(faults: readonly RowFault[]): void;
  appended(positions: readonly Position[]): void;
}

export interface BatchDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly stores: StoreLookup;
  readonly versions: KnownVersions;
  readonly request: RequestContext;
  readonly naming: Parameters<typeof nameOrders>[2];
}

/** Decides orders as in a push, leaves out known ones, and appends the rest to the backfill topic. */
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
      // The ledger parks an order that does not fit the known one, as a name conflict.
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
  const [first] = parsed.flatMap((one) => ("order" in one ? [originOf(one.order)] : []));
  // All orders of an import belong to one feed.
  const origins =
    first === undefined ? [] : await deps.stores.resolve(deps.request.tenantId, [first]);
  const writesPresent = await hasTurned(deps.database.service);
  return parsed.map((one) => decideOrder(one, origins[0], { ...deps.request, writesPresent }));
}

/** If a bill has its own total, that total counts. The difference to its lines is `unreconciled`. */
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

/** Names accepted orders, and rejects an order whose number belongs to another bill. */
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
