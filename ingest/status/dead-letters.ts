import { type Database, payloadOf, runStatement, type Statement } from "@tillcast/core";
import { type OrderSnapshot, orderSnapshotCodec, topics } from "@tillcast/schemas";

/** Most dead letters of one account that are searched; there are few, and each one is an alarm. */
export const DEAD_LETTERS_MAX_COUNT = 1_000;

/** An order that the processor could not take. */
export interface DeadOrder {
  readonly reason: string;
  readonly order: OrderSnapshot;
}

// The key begins with the tenant; a location is not known here, so the values are compared.
const selectDeadLetters: Statement = {
  name: "ingest-status-dead-letters",
  text: `
    select value, reason
    from dead_letter
    where topic = any($1::text[]) and starts_with(key, $2)
    order by at desc
    limit $3`,
};

/** Finds the newest dead letter of an order. */
export async function findDeadOrder(
  database: Database,
  order: {
    readonly tenantId: string;
    readonly source: string;
    readonly accountId: string;
    readonly orderId: string;
  },
): Promise<DeadOrder | undefined> {
  const { rows } = await runStatement<{ value: Buffer; reason: string }>(
    database.service,
    selectDeadLetters,
    [
      [topics.orders.topic, topics.ordersBackfill.topic],
      `${order.tenantId}/${order.source}/${order.accountId}/`,
      DEAD_LETTERS_MAX_COUNT,
    ],
  );
  for (const { value, reason } of rows) {
    const found = decodeOrNothing(value);
    if (found?.orderId === order.orderId) return { reason, order: found };
  }
  return undefined;
}

/** Decodes an order; undefined for bytes that are none. */
export function decodeOrNothing(value: Buffer): OrderSnapshot | undefined {
  try {
    return orderSnapshotCodec.decode(payloadOf(value));
  } catch {
    return undefined; // Unreadable bytes name no order; the dead letter itself shows them.
  }
}
