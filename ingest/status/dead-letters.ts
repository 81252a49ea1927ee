import { type Database, runStatement, type Statement } from "@tillcast/core/database";
import { decodeInboxOrder, decodeOrder, nameLetters, type OrderName } from "@tillcast/event-log";
import { inboxTopicOf, topics } from "@tillcast/schemas";

/** An order that the processor could not settle, or that ingest rejected from an inbox. */
export interface DeadOrder {
  readonly reason: string;
  /** Null if it was rejected before its store was looked up. */
  readonly storeId: string | null;
  readonly vendorVersion: string;
  /** UTC milliseconds. */
  readonly receivedAt: number;
  /** The hash of its content; null if it never became a snapshot. */
  readonly hash: string | null;
}

interface DeadLetterRow {
  readonly topic: string;
  readonly value: Buffer;
  readonly reason: string;
  readonly at: number;
}

const selectDeadLetter: Statement = {
  name: "ingest-status-dead-letter",
  text: `
    select topic, value, reason, at
    from dead_letter
    where tenant_id = $1
      and source = $2
      and account_id = $3
      and order_id = $4
      and redriven_at is null
    order by at desc
    limit 1`,
};

/** Finds the newest dead letter of an order. */
export async function findDeadOrder(
  database: Database,
  order: OrderName,
): Promise<DeadOrder | undefined> {
  const { tenantId, source, accountId, orderId } = order;
  const inbox = inboxTopicOf(tenantId).topic;
  // An order topic's key begins with the tenant; an inbox is its tenant's, whatever the keys.
  await nameLetters(database.service, {
    topics: [topics.orders.topic, topics.ordersBackfill.topic],
    keyPrefix: `${tenantId}/${source}/${accountId}/`,
    inbox,
  });
  const { rows } = await runStatement<DeadLetterRow>(database.service, selectDeadLetter, [
    tenantId,
    source,
    accountId,
    orderId,
  ]);
  const [row] = rows;
  if (row === undefined) return undefined;
  return row.topic === inbox ? refusedOrder(row) : unsettledOrder(row);
}

function unsettledOrder({ value, reason }: DeadLetterRow): DeadOrder | undefined {
  const order = decodeOrder(value);
  if (order === undefined) return undefined;
  const { storeId, receivedAt, version } = order;
  const vendorVersion = String(version.vendorVersion);
  return { reason, storeId, vendorVersion, receivedAt, hash: version.hash };
}

function refusedOrder({ value, reason, at }: DeadLetterRow): DeadOrder | undefined {
  const order = decodeInboxOrder(value);
  if (order === undefined) return undefined;
  const { vendorVersion } = order.version;
  return { reason, storeId: null, vendorVersion, receivedAt: at, hash: null };
}
