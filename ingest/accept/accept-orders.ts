import { type Clock, failPoint, inSpan, traceHeaders } from "@tillcast/core";
import { type Database, hasTurned } from "@tillcast/core/database";
import type { EventLog } from "@tillcast/event-log";
import {
  feedKeyOf,
  lifeMarksOf,
  type OrderPushResponse,
  type OrderSnapshot,
  orderSnapshotCodec,
  topics,
} from "@tillcast/schemas";
import { type ParsedOrder, parseOrder } from "../orders/parse-order.ts";
import { clockOf, unknownClock } from "../orders/till-clock.ts";
import { parkOrders } from "../parking/park-orders.ts";
import type { ParkedQuota } from "../parking/parked-quota.ts";
import type { FeedProofs } from "../places/feed-proofs.ts";
import { permitted, type ResolvedOrigin } from "../places/resolve-store.ts";
import type { StoreLookup } from "../places/store-lookup.ts";
import { respondTo } from "../sources/push/answer-orders.ts";
import { asLogUnavailable, asUnavailable } from "../sources/push/unavailable.ts";
import { type Decision, decideOrder, markDuplicates, originOf } from "./decide-orders.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import type { KnownVersions } from "./known-versions.ts";

/** What `acceptOrders` needs. */
export interface AcceptDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly stores: StoreLookup;
  readonly parkedQuota: ParkedQuota;
  readonly versions: KnownVersions;
  readonly proofs: FeedProofs;
  readonly metrics: IngestMetrics;
}

/** Orders as parsed from JSON, and their sender. */
export interface PushedOrders {
  readonly tenantId: string;
  /** Stores that the sender may write to; null means all stores of the tenant. */
  readonly storeIds: readonly string[] | null;
  readonly orders: readonly unknown[];
  /** True for bulk imports of past orders. Live orders go first. */
  readonly isHistory?: boolean;
}

/**
 * Decides each order: accepted, duplicate, parked or rejected, with a reason. Resolves when every accepted
 * order is durable in the log and every parked order in the database. If it throws, the sender must send all
 * orders again, which is safe.
 */
export function acceptOrders(deps: AcceptDeps, pushed: PushedOrders): Promise<OrderPushResponse> {
  const attributes = {
    "tillcast.tenant_id": pushed.tenantId,
    "tillcast.orders": pushed.orders.length,
  };
  return inSpan({ name: "accept orders", kind: "producer", attributes }, () =>
    accept(deps, pushed),
  );
}

async function accept(deps: AcceptDeps, pushed: PushedOrders): Promise<OrderPushResponse> {
  const receivedAt = deps.clock.now();
  const writesPresent = await hasTurned(deps.database.service).catch((error: unknown) => {
    throw asUnavailable(error);
  });
  const request = { tenantId: pushed.tenantId, receivedAt, writesPresent };
  const parsed = pushed.orders.map(parseOrder);
  const origins = await resolveOrigins(deps, pushed, parsed);
  const decided = parsed.map((one, at) => decideOrder(one, origins[at], request));
  const decisions = await parkUnknown(deps, pushed, await findDuplicates(deps, decided));
  await appendAccepted(deps, decisions, pushed.isHistory === true);
  deps.metrics.observeAcceptSeconds((deps.clock.now() - receivedAt) / 1000);
  const response = respondTo(decisions);
  deps.metrics.answered(response);
  return response;
}

/** Resolves the origins of the orders that could be parsed, at the same indexes. */
async function resolveOrigins(
  deps: AcceptDeps,
  pushed: PushedOrders,
  parsed: readonly ParsedOrder[],
): Promise<(ResolvedOrigin | undefined)[]> {
  const wanted = parsed.flatMap((one, at) =>
    "order" in one ? [{ at, origin: originOf(one.order) }] : [],
  );
  const found: (ResolvedOrigin | undefined)[] = parsed.map(() => undefined);
  if (wanted.length === 0) return found;
  try {
    const resolved = await deps.stores.resolve(
      pushed.tenantId,
      wanted.map(({ origin }) => origin),
    );
    wanted.forEach(({ at }, index) => {
      found[at] = permitted(resolved[index] as ResolvedOrigin, pushed.storeIds);
    });
    return found;
  } catch (error) {
    throw asUnavailable(error);
  }
}

async function findDuplicates(
  deps: AcceptDeps,
  decided: readonly Decision[],
): Promise<readonly Decision[]> {
  const keys = decided.flatMap((one) => (one.result === "accepted" ? [one.orderKey] : []));
  if (keys.length === 0) return decided;
  try {
    const known = await deps.versions.find(keys);
    return markDuplicates(decided, known);
  } catch (error) {
    throw asUnavailable(error);
  }
}

/** Parks what waits for its feed, and rejects what the tenant's limits leave no room for. */
async function parkUnknown(
  deps: AcceptDeps,
  pushed: PushedOrders,
  decisions: readonly Decision[],
): Promise<readonly Decision[]> {
  const waiting = decisions.flatMap((one, at) =>
    one.result === "parked" ? [{ at, order: { ...one, payload: pushed.orders[at] } }] : [],
  );
  if (waiting.length === 0) return decisions;
  const orders = waiting.map(({ order }) => order);
  const kept = [...decisions];
  try {
    const faults = await deps.parkedQuota.check(pushed.tenantId, orders);
    await parkOrders(
      deps.database,
      pushed.tenantId,
      orders.filter((_, index) => faults[index] === undefined),
    );
    for (const [index, { at, order }] of waiting.entries()) {
      const fault = faults[index];
      const { orderId } = order.snapshot;
      if (fault !== undefined) kept[at] = { result: "rejected", orderId, faults: [fault] };
    }
  } catch (error) {
    throw asUnavailable(error);
  }
  await failPoint("park.afterStore");
  return kept;
}

async function appendAccepted(
  deps: AcceptDeps,
  decisions: readonly Decision[],
  isHistory: boolean,
): Promise<void> {
  const accepted = decisions.flatMap((one) => (one.result === "accepted" ? [one] : []));
  if (accepted.length > 0) {
    const trace = traceHeaders();
    const records = accepted.map(({ snapshot }) => ({
      key: feedKeyOf(snapshot),
      value: orderSnapshotCodec.encode(snapshot),
      ...trace,
    }));
    const { topic } = isHistory ? topics.ordersBackfill : topics.orders;
    await failPoint("ingest.beforeAppend");
    await deps.eventLog.append(topic, records).catch((error: unknown) => {
      throw asLogUnavailable(error);
    });
    await failPoint("ingest.afterAppend");
  }
  for (const { orderKey, snapshot, misfit } of accepted) {
    // A misfit is not a version of the known order.
    if (misfit !== undefined) continue;
    const { storeId, receivedAt } = snapshot;
    const marks = lifeMarksOf(snapshot);
    const life = () => marks;
    deps.versions.remember(orderKey, { ...snapshot.version, storeId, receivedAt, life });
  }
  // A duplicate also proves that the till is alive.
  for (const one of decisions) {
    if (one.result === "accepted" || one.result === "duplicate")
      deps.proofs.saw(proofOf(one.snapshot, isHistory));
  }
}

/** Past orders update the latest event time. They do not prove that a till is alive now. */
function proofOf(snapshot: OrderSnapshot, isHistory: boolean) {
  const { tenantId, source, accountId, locationId, receivedAt } = snapshot;
  const happened = [snapshot.openedAt, snapshot.paidAt ?? 0, snapshot.closedAt ?? 0];
  // The time of a catering order for next week must not count as seen.
  const eventAt = Math.min(receivedAt, Math.max(...happened));
  return {
    tenantId,
    feed: { source, accountId, locationId },
    proofAt: isHistory ? null : receivedAt,
    eventAt,
    watermark: isHistory ? null : eventAt,
    isHeartbeat: false,
    clock: isHistory ? unknownClock : clockOf(snapshot),
  };
}
