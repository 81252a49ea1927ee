import type { NameConflictView, OrderPicture, OrderSnapshot } from "@tillcast/schemas";
import type { StoredNameConflict } from "./name-conflicts.ts";

/** A conflict as people see it, the same by REST and by command. */
export function viewNameConflict(conflict: StoredNameConflict): NameConflictView {
  const { arrived, known } = conflict;
  return {
    id: conflict.conflictId,
    source: arrived.source,
    accountId: conflict.accountId,
    orderId: conflict.orderId,
    storeId: conflict.storeId,
    reason: conflict.reason,
    receivedAt: textOf(conflict.recordedAt),
    decision: conflict.decision,
    decidedBy: conflict.decidedBy,
    decidedAt: conflict.decidedAt === null ? null : textOf(conflict.decidedAt),
    arrived: pictureOf(arrived),
    known: pictureOf(known),
  };
}

function pictureOf(order: OrderSnapshot): OrderPicture {
  return {
    storeId: order.storeId,
    locationId: order.locationId,
    registerId: order.registerId,
    vendorVersion: String(order.version.vendorVersion),
    kind: order.kind,
    status: order.status,
    openedAt: textOf(order.openedAt),
    paidAt: order.paidAt === null ? null : textOf(order.paidAt),
    businessDate: order.businessDate,
    currency: order.currency,
    total: String(order.totals.total),
    lines: order.lines.map(({ name, gross }) => ({ name, gross: String(gross) })),
    payments: order.payments.map(({ method, amount }) => ({ method, amount: String(amount) })),
  };
}

const textOf = (instantMs: number): string => new Date(instantMs).toISOString();
