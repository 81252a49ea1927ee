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

/** Most dead letters of one account that are searched. There are few, and each one raises an alarm. */
export const DEAD_LETTERS_MAX_COUNT = 1_000;

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

/** The name of an order. */
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

// An order topic's key starts with the tenant. The location is unknown here, so the values are compared. An
// inbox belongs to its tenant, whatever its keys are.
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

/** The fields that name an order, also if other fields are at fault. */
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
 * Decodes a value in this release's shape or in the one of the release before. Both start with the name of the
 * order. The caller compares the names.
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

/** Decodes an order; undefined if the bytes are no order. */
export function decodeOrNothing(value: Buffer): OrderSnapshot | undefined {
  try {
    return decodeEither(orderSnapshotCodec, value);
  } catch {
    return undefined; // Unreadable bytes name no order; the dead letter itself shows them.
  }
}
