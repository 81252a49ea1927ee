import avsc, { type Schema } from "avsc";
import { describe, expect, it } from "vitest";
import { inboxTopicOf, tenantOfInbox } from "../topics.ts";
import { inboxOrderCodec, orderOfInbox } from "./inbox-order.ts";
import { OrderPushV1 } from "./order-push.ts";

const order = {
  storeId: "6f1f2a3e-0d1c-4a52-9a3e-2b1d5c7f8e90",
  orderId: "1001",
  version: { vendorVersion: "2026-11-21T12:31:00Z" },
  status: "closed",
  openedAt: "2026-11-21T12:04:00+01:00",
  currency: "EUR",
  guests: 2,
  lines: [{ key: "1", name: "Soup", qty: "1.5", gross: "650", tax: "124", revenue: true }],
  charges: [{ key: "c", kind: "rounding", net: "-1" }],
  payments: [{ key: "1", method: "card", amount: "774", tip: "50" }],
  refunds: [{ key: "r", amount: "100", at: "2026-11-21T13:00:00Z" }],
  totals: { total: "774" },
};

interface Field {
  readonly name: string;
  readonly type: unknown;
  readonly default?: unknown;
}
interface RecordSchema {
  readonly fields: readonly Field[];
}

/** The schema as some version had it or will have it. */
const versionOf = (change: (fields: readonly Field[]) => readonly Field[]): Schema => {
  const now = inboxOrderCodec.schema as unknown as RecordSchema;
  return { ...now, fields: change(now.fields) } as unknown as Schema;
};
const written = (schema: Schema, value: unknown) => avsc.Type.forSchema(schema).toBuffer(value);

describe("an order in an inbox", () => {
  it("is the order that a push would have sent, whatever is left out", () => {
    const read = orderOfInbox(inboxOrderCodec.decode(inboxOrderCodec.encode(order)));
    expect(read).toEqual(order);
    expect(OrderPushV1.parse(read)).toEqual(OrderPushV1.parse(order));
    const { orderId, version, status, openedAt, currency } = order;
    const least = { orderId, version, status, openedAt, currency };
    const readLeast = orderOfInbox(inboxOrderCodec.decode(inboxOrderCodec.encode(least)));
    expect(OrderPushV1.parse(readLeast)).toEqual(OrderPushV1.parse(least));
  });

  it("carries words that are not known, so that they are refused with their field", () => {
    const strange = { ...order, channel: "hovercraft" };
    const read = orderOfInbox(inboxOrderCodec.decode(inboxOrderCodec.encode(strange)));
    const { error } = OrderPushV1.safeParse(read);
    expect(error?.issues.map((issue) => issue.path)).toEqual([["channel"]]);
  });

  it("is read where an older schema lacks fields, and where a newer one has more", () => {
    const fewer = new Set(["channelRaw", "refunds", "totals", "guests"]);
    const older = versionOf((fields) => fields.filter(({ name }) => !fewer.has(name)));
    const { guests: _, refunds: __, totals: ___, ...known } = order;
    const fromOlder = inboxOrderCodec.decoderFor(older)(written(older, order));
    expect(orderOfInbox(fromOlder)).toEqual({ ...known, refunds: [] });

    const added = { name: "loyaltyTier", type: ["null", "string"], default: null };
    const newer = versionOf((fields) => [...fields.toReversed(), added]);
    const bytes = written(newer, { ...order, loyaltyTier: "gold" });
    expect(orderOfInbox(inboxOrderCodec.decoderFor(newer)(bytes))).toEqual(order);
  });

  it("is not read from a schema that lacks what an order must have", () => {
    const without = versionOf((fields) => fields.filter(({ name }) => name !== "currency"));
    expect(() => inboxOrderCodec.decoderFor(without)).toThrow("currency");
  });
});

it("an inbox's topic names its tenant, and no other topic does", () => {
  const { topic } = inboxTopicOf(order.storeId);
  expect(topic).toBe(`pos.inbox.${order.storeId}.v1`);
  expect(tenantOfInbox(topic)).toBe(order.storeId);
  expect(tenantOfInbox("pos.orders.v1")).toBeUndefined();
  expect(tenantOfInbox(`${topic}.v1`)).toBeUndefined();
});
