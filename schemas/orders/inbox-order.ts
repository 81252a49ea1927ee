import { named } from "../avro/annotations.ts";
import { type AvroCodec, makeAvroCodec } from "../avro/codec.ts";
import { recordShapeOf } from "../avro/record-shape.ts";
import { OrderPushV1 } from "./order-push.ts";

/**
 * One order as a foreign producer writes it to its tenant's inbox: the fields of `POST /v1/orders`, of
 * which the shape is made, so that the two never differ.
 */
export const InboxOrderV1 = named("InboxOrderV1", recordShapeOf(OrderPushV1));

export const inboxOrderCodec: AvroCodec<unknown> = makeAvroCodec(InboxOrderV1, {
  frozen: "inbox-order-v1",
});

/** The order as `POST /v1/orders` would have got it: what was left out is absent, not null. */
export function orderOfInbox(record: unknown): unknown {
  if (Array.isArray(record)) return record.map(orderOfInbox);
  if (typeof record !== "object" || record === null) return record;
  return Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => [key, orderOfInbox(value)]),
  );
}
