import {
  type AvroCodec,
  channelAt,
  composeNet,
  measures,
  type OrderSnapshot,
  type OrderStatusResponse,
  orderSnapshotCodec,
  WINDOW_MS,
} from "@tillcast/schemas";
import { type AcceptedVersion, standingOf } from "../accept/known-versions.ts";
import type { DeadOrder } from "./dead-letters.ts";
import type { HeadRow, NameConflictRow, OrderRows, WindowRow } from "./status-rows.ts";

/** The name of an order in its status. */
export interface OrderName {
  readonly source: string;
  readonly accountId: string;
  readonly orderId: string;
  /** Its number space, if known. */
  readonly space?: string | undefined;
}

/** Everything known about one order. */
export interface OrderFacts extends OrderRows {
  readonly dead: DeadOrder | undefined;
  /** The version that this process appended and that may not be settled yet. */
  readonly accepted: AcceptedVersion | undefined;
}

/** Computes the status of an order; undefined if the order is unknown. Pure. */
export function orderStatusOf(name: OrderName, facts: OrderFacts): OrderStatusResponse | undefined {
  const { head, dead, accepted, parked, conflict } = facts;
  if (accepted !== undefined && isAhead(accepted, head)) {
    if (dead !== undefined && isOf(dead, accepted)) return deadStatus(name, dead);
    return pendingStatus(name, accepted, facts);
  }
  // If another bill came under this number later, the answer is about that bill, and tells what is counted.
  if (conflict !== undefined && conflict.recorded_at > (head?.recorded_at ?? 0)) {
    return conflictStatus(name, conflict, facts);
  }
  if (head !== undefined) return headStatus(name, head, facts);
  const isParkedSince = parked !== undefined && parked.received_at > (dead?.receivedAt ?? 0);
  if (dead !== undefined && !isParkedSince) return deadStatus(name, dead);
  if (parked === undefined) return undefined;
  return {
    ...blank(name),
    state: "parked",
    reason: parked.reason,
    receivedAt: instantText(parked.received_at),
  };
}

function headStatus(name: OrderName, head: HeadRow, facts: OrderRows): OrderStatusResponse {
  const counted = facts.windows.filter(isNotEmpty).map((window) => window.first_counted_at);
  const reason = head.is_open || counted.length > 0 ? null : reasonNotCounted(snapshotOf(head));
  return {
    ...blank(name),
    state: head.is_open ? "open" : counted.length > 0 ? "counted" : "not-counted",
    reason,
    storeId: head.store_id,
    vendorVersion: String(head.vendor_version),
    receivedAt: instantText(head.recorded_at),
    countedAt: counted.length === 0 ? null : instantText(Math.min(...counted)),
    windows: windowsOf(facts),
  };
}

function pendingStatus(
  name: OrderName,
  accepted: AcceptedVersion,
  facts: OrderRows,
): OrderStatusResponse {
  return {
    ...blank(name),
    state: "pending",
    reason:
      facts.head === undefined
        ? null
        : "a newer version is on its way; the windows are of the older",
    storeId: accepted.storeId,
    vendorVersion: String(accepted.vendorVersion),
    receivedAt: instantText(accepted.receivedAt),
    windows: windowsOf(facts),
  };
}

function conflictStatus(
  name: OrderName,
  conflict: NameConflictRow,
  facts: OrderRows,
): OrderStatusResponse {
  return {
    ...blank(name),
    state: "parked",
    reason: conflict.reason,
    storeId: conflict.store_id,
    receivedAt: instantText(conflict.recorded_at),
    windows: windowsOf(facts),
  };
}

function deadStatus(name: OrderName, dead: DeadOrder): OrderStatusResponse {
  return {
    ...blank(name),
    state: "dead-lettered",
    reason: dead.reason,
    storeId: dead.storeId,
    vendorVersion: dead.vendorVersion,
    receivedAt: instantText(dead.receivedAt),
  };
}

function windowsOf({ windows, netCharges }: OrderRows): OrderStatusResponse["windows"] {
  return windows.filter(isNotEmpty).map((window) => ({
    start: instantText(window.window_start),
    end: instantText(window.window_start + WINDOW_MS),
    businessDate: window.business_date,
    channel: channelAt(window.channel),
    currency: window.currency,
    net: String(composeNet(window, netCharges)),
  }));
}

/** Leaves out windows that are empty after an edit. */
function isNotEmpty(window: WindowRow): boolean {
  return measures.some((name) => window[name] !== 0n);
}

function isAhead(accepted: AcceptedVersion, head: HeadRow | undefined): boolean {
  if (head === undefined) return true;
  const known = {
    vendorVersion: Number(head.vendor_version),
    mappingRevision: head.mapping_revision,
    hash: head.content_hash,
  };
  const standing = standingOf({ ...accepted, observedAt: accepted.receivedAt }, known);
  // If two contents have one version, the later receipt wins.
  return (
    standing === "newer" || (standing === "conflicting" && accepted.receivedAt > head.recorded_at)
  );
}

function isOf(dead: DeadOrder, accepted: AcceptedVersion): boolean {
  return dead.hash === accepted.hash;
}

function snapshotOf(head: HeadRow): OrderSnapshot {
  if (head.schema_fingerprint.equals(orderSnapshotCodec.fingerprint) || head.schema === null) {
    return orderSnapshotCodec.decode(head.snapshot);
  }
  const written = head.schema as AvroCodec<OrderSnapshot>["schema"];
  return orderSnapshotCodec.decoderFor(written)(head.snapshot);
}

function reasonNotCounted(order: OrderSnapshot): string {
  if (order.withheld !== null) return order.withheld;
  if (order.testMode) return "the order is in test mode";
  if (order.status === "deleted") return "the order was deleted";
  if (order.kind === "non_revenue") return "the order's kind is no revenue";
  if (order.lines.length > 0 && !order.lines.some((line) => line.revenue)) {
    return "nothing that the order sells is revenue; its payments are in the tenders";
  }
  return "the order has no amounts";
}

function blank({ source, accountId, orderId }: OrderName) {
  return {
    source,
    accountId,
    orderId,
    reason: null,
    storeId: null,
    vendorVersion: null,
    receivedAt: null,
    countedAt: null,
    windows: [],
  };
}

function instantText(instantMs: number): string {
  return new Date(instantMs).toISOString();
}
