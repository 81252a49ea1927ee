import { systemClock } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import type { EventLog } from "@tillcast/event-log";
import type { OrderStatusResponse } from "@tillcast/schemas";
import type { AcceptedVersion, KnownVersions } from "../accept/known-versions.ts";
import { findDeadOrder } from "./dead-letters.ts";
import { findPending } from "./find-pending.ts";
import { type OrderName, orderStatusOf } from "./order-status.ts";
import { statusKeysOf } from "./status-names.ts";
import { loadOrderRows } from "./status-rows.ts";

/** The status of a tenant's order: counted (with its windows), open, pending, parked or set aside. */
export async function findOrderStatus(
  deps: {
    readonly database: Database;
    readonly eventLog: EventLog;
    readonly versions: KnownVersions;
  },
  tenantId: string,
  name: OrderName,
): Promise<OrderStatusResponse | undefined> {
  const order = { tenantId, ...name };
  const orderKeys = await statusKeysOf(deps.database, tenantId, name, systemClock.now());
  // Loaded before the tables, so that an order which is settled in between is found there.
  const accepted = newestAccepted(deps.versions, orderKeys);
  const { database } = deps;
  const rows = await database.share.run(tenantId, () =>
    loadOrderRows(database, tenantId, orderKeys),
  );
  const dead = await findDeadOrder(deps.database, order);
  const known = orderStatusOf(name, { ...rows, dead, accepted });
  // An order that was set aside may have been accepted later by another process.
  if (known !== undefined && known.state !== "dead-lettered") return known;
  const pending = await findPending(deps.eventLog, order);
  return pending === undefined ? known : orderStatusOf(name, { ...rows, dead, accepted: pending });
}

function newestAccepted(
  versions: KnownVersions,
  orderKeys: readonly Buffer[],
): AcceptedVersion | undefined {
  return orderKeys
    .flatMap((orderKey) => versions.accepted(orderKey) ?? [])
    .sort((a, b) => b.receivedAt - a.receivedAt)[0];
}
