import { collectSpans, openScope, type Span } from "@tillcast/core";
import { salesUpdatedCodec, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { followLive } from "../../gateway/testing/live-follower.ts";
import { aBill } from "../support/a-bill.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { addStore, addTenant, type TestTenant } from "../support/tenants.ts";
import { untilSettled } from "../support/until-settled.ts";

const scope = openScope();
let product: ComposedProduct;
let tenant: TestTenant;
let storeId: string;
let spans: Span[] = [];

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const callersSpan = "00f067aa0ba902b7";

beforeAll(async () => {
  product = await composeProduct(scope);
  const { service } = product.installation.database;
  tenant = await addTenant(service, "Traced");
  storeId = await addStore(service, tenant.tenantId);
});
beforeEach(() => {
  spans = [];
});
afterAll(() => scope.close());

/** Records spans until the function that it answers is called. */
const collect = (sampledShare: number) =>
  collectSpans({ sampledShare, collect: (span) => spans.push(span) });

async function push(traceparent?: string): Promise<void> {
  const now = new Date().toISOString();
  const answer = await fetch(`${product.url}/v1/orders`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${tenant.key}`,
      "content-type": "application/json",
      ...(traceparent === undefined ? {} : { traceparent }),
    },
    body: JSON.stringify(aBill(storeId, { paidAt: now })),
  });
  expect(await answer.json()).toMatchObject({ accepted: 1 });
  await untilSettled(product.installation.eventLog);
}

/** The headers of every record on the order topic and on the sales topic. */
async function headersOf(topic: string): Promise<Readonly<Record<string, string>>[]> {
  const { eventLog } = product.installation;
  const headers: Readonly<Record<string, string>>[] = [];
  for (const { partition, start } of await eventLog.bounds(topic)) {
    const read = { topic, partition, from: start, maxCount: 1_000, maxBytes: 1_000_000 };
    const records = await eventLog.read(read);
    if (topic === topics.sales.topic) {
      const changes = records.filter(({ value }) => salesUpdatedCodec.decode(value).receivedAt > 0);
      headers.push(...changes.map((record) => record.headers));
    } else headers.push(...records.map((record) => record.headers));
  }
  return headers;
}

test("with tracing off, no record carries a header", async () => {
  await push();
  await expect.poll(() => headersOf(topics.sales.topic)).toHaveLength(1);
  expect(await headersOf(topics.orders.topic)).toEqual([{}]);
  expect(await headersOf(topics.sales.topic)).toEqual([{}]);
});

test("one order's trace leads from the request over the log and the ledger to the socket", async () => {
  const follower = followLive(product.url, tenant.key, [storeId]);
  await expect.poll(() => follower.counts.snapshots).toBe(1);
  const stop = collect(0);
  try {
    await push(`00-${traceId}-${callersSpan}-01`);
    await expect
      .poll(() => spans.map(({ name }) => name).sort())
      .toEqual(["accept orders", "relay windows", "settle orders"]);
  } finally {
    stop();
    follower.close();
  }
  const span = (name: string) => spans.find((one) => one.name === name) as Span;
  const [accept, settle, relay] = ["accept orders", "settle orders", "relay windows"].map(span);
  expect(spans.map(({ context }) => context.traceId)).toEqual([traceId, traceId, traceId]);
  expect(accept?.parentSpanId).toBe(callersSpan);
  expect(settle?.parentSpanId).toBe(accept?.context.spanId);
  expect(relay?.parentSpanId).toBe(settle?.context.spanId);
  expect(settle?.attributes).toMatchObject({
    "messaging.destination.name": topics.orders.topic,
    "tillcast.orders": 1,
  });
  const withHeader = (await headersOf(topics.orders.topic)).filter((one) => "traceparent" in one);
  expect(withHeader).toEqual([{ traceparent: `00-${traceId}-${accept?.context.spanId}-01` }]);
});

test("a push without a trace begins one where all are sampled", async () => {
  const stop = collect(1);
  try {
    await push();
    await expect.poll(() => spans.map(({ name }) => name)).toContain("settle orders");
  } finally {
    stop();
  }
  const [accept, settle] = spans;
  expect(accept?.parentSpanId).toBeUndefined();
  expect(settle?.context.traceId).toBe(accept?.context.traceId);
  expect(settle?.parentSpanId).toBe(accept?.context.spanId);
});
