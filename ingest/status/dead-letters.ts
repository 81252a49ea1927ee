import { type Database, runStatement, type Statement } from "@tillcast/core/database";
import { payloadOf } from "@tillcast/event-log";
import {
  type AvroCodec,
  inboxOrderCodec,
  inboxTopicOf,
  OrderPushV1,
  type OrderSnapshot,
  orderOfInbox,
  orderSnapshotCodec,
  topics,
} from "@tillcast/schemas";
import { z } from "zod";

/** Most dead letters of one account that are searched; there are few, and each one is an alarm. */
export const DEAD_LETTERS_MAX_COUNT = 1_000;

/** An order that the processor could not take, or that an inbox held and the intake refused. */
export interface DeadOrder {
  readonly reason: string;
  /** Null where it was refused before its store was looked for. */
  readonly storeId: string | null;
  readonly vendorVersion: string;
  /** UTC milliseconds. */
  readonly receivedAt: number;
  /** Of its content; null for one that never became a snapshot. */
  readonly hash: string | null;
}

/** What names an order among all. */
interface OrderName {
  readonly tenantId: string;
  readonly source: string;
  readonly accountId: string;
  readonly orderId: string;
}

interface DeadLetterRow {
  readonly topic: string;
  readonly value: Buffer;
  readonly reason: string;
  readonly at: number;
}

// An order topic's key begins with the tenant; a location is not known here, so the values are compared.
// An inbox is its tenant's, whatever the keys.
const selectDeadLetters: Statement = {
  name: "ingest-status-dead-letters",
  text: `
    select topic, value, reason, at
    from dead_letter
    where redriven_at is null
      and (topic = any($1::text[]) and starts_with(key, $2) or topic = $3)
    order by at desc
    limit $4`,
};

/** Finds the newest dead letter of an order. */
export async function findDeadOrder(
  database: Database,
  order: OrderName,
): Promise<DeadOrder | undefined> {
  const inbox = inboxTopicOf(order.tenantId).topic;
  const { rows } = await runStatement<DeadLetterRow>(database.service, selectDeadLetters, [
    [topics.orders.topic, topics.ordersBackfill.topic],
    `${order.tenantId}/${order.source}/${order.accountId}/`,
    inbox,
    DEAD_LETTERS_MAX_COUNT,
  ]);
  for (const row of rows) {
    const dead = row.topic === inbox ? refusedOrder(row, order) : unsettledOrder(row, order);
    if (dead !== undefined) return dead;
  }
  return undefined;
}

function unsettledOrder({ value, reason }: DeadLetterRow, name: OrderName): DeadOrder | undefined {
  const order = decodeOrNothing(value);
  if (order?.orderId !== name.orderId) return undefined;
  const { storeId, receivedAt, version } = order;
  const vendorVersion = String(version.vendorVersion);
  return { reason, storeId, vendorVersion, receivedAt, hash: version.hash };
}

/** The parts that name an order, whatever else of it is at fault. */
const NamedOrder = z.object({
  source: OrderPushV1.shape.source,
  accountId: OrderPushV1.shape.accountId,
  orderId: OrderPushV1.shape.orderId,
  version: z.object({ vendorVersion: z.string() }),
});

function refusedOrder(row: DeadLetterRow, name: OrderName): DeadOrder | undefined {
  const { data: order } = NamedOrder.safeParse(decodeInboxOrNothing(row.value));
  if (order?.orderId !== name.orderId) return undefined;
  if (order.source !== name.source || order.accountId !== name.accountId) return undefined;
  const { vendorVersion } = order.version;
  return { reason: row.reason, storeId: null, vendorVersion, receivedAt: row.at, hash: null };
}

function decodeInboxOrNothing(value: Buffer): unknown {
  try {
    return orderOfInbox(decodeEither(inboxOrderCodec, value));
  } catch {
    return undefined;
  }
}

/**
 * Reads a value in this release's shape or in that of the release before; what names an order comes first in
 * both, and its names are compared by whoever asks.
 */
function decodeEither<T>(codec: AvroCodec<T>, value: Buffer): T {
  const payload = payloadOf(value);
  try {
    return codec.decode(payload);
  } catch (error) {
    if (codec.frozen === undefined) throw error;
    return codec.decoderFor(codec.frozen.schema)(payload);
  }
}

/** Decodes an order; undefined for bytes that are none. */
export function decodeOrNothing(value: Buffer): OrderSnapshot | undefined {
  try {
    return decodeEither(orderSnapshotCodec, value);
  } catch {
    return undefined; // Unreadable bytes name no order; the dead letter itself shows them.
  }
}
