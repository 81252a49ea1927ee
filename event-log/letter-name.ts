import {
  type AvroCodec,
  inboxOrderCodec,
  OrderPushV1,
  type OrderSnapshot,
  orderOfInbox,
  orderSnapshotCodec,
  tenantOfInbox,
  topics,
} from "@tillcast/schemas";
import { z } from "zod";
import { payloadOf } from "./schema-ids/wire-format.ts";

/** What names an order among all. */
export interface OrderName {
  readonly tenantId: string;
  readonly source: string;
  readonly accountId: string;
  readonly orderId: string;
}

/** The parts that name an order that came by an inbox, whatever else of it is at fault. */
export interface InboxOrderName extends Omit<OrderName, "tenantId"> {
  readonly version: { readonly vendorVersion: string };
}

const NamedOrder = z.object({
  source: OrderPushV1.shape.source,
  accountId: OrderPushV1.shape.accountId,
  orderId: OrderPushV1.shape.orderId,
  version: z.object({ vendorVersion: z.string() }),
});

const orderTopics: readonly string[] = [topics.orders.topic, topics.ordersBackfill.topic];

/** The order that a record of a topic is about; undefined for what names none. */
export function orderNameOf(topic: string, value: Buffer): OrderName | undefined {
  const tenantId = tenantOfInbox(topic);
  if (tenantId !== undefined) {
    const named = decodeInboxOrder(value);
    if (named === undefined) return undefined;
    const { source, accountId, orderId } = named;
    return { tenantId, source, accountId, orderId };
  }
  const order = orderTopics.includes(topic) ? decodeOrder(value) : undefined;
  if (order === undefined) return undefined;
  const { source, accountId, orderId } = order;
  return { tenantId: order.tenantId, source, accountId, orderId };
}

/** Decodes an order as the intake appended it; undefined for bytes that are none. */
export function decodeOrder(value: Buffer): OrderSnapshot | undefined {
  try {
    return decodeEither(orderSnapshotCodec, value);
  } catch {
    return undefined; // Unreadable bytes name no order; the dead letter itself shows them.
  }
}

/** The name and version of an order as its producer wrote it; undefined for bytes that have none. */
export function decodeInboxOrder(value: Buffer): InboxOrderName | undefined {
  try {
    return NamedOrder.safeParse(orderOfInbox(decodeEither(inboxOrderCodec, value))).data;
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
