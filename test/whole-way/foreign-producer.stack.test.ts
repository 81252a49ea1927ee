import { randomUUID } from "node:crypto";
import { Producer } from "@platformatic/kafka";
import { openScope } from "@tillcast/core";
import { listDeadLetters, redriveDeadLetters } from "@tillcast/event-log";
import { createInbox } from "@tillcast/ingest";
import { INBOX_GROUP, inboxOrderCodec } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTestInstallation, type TestInstallation } from "../support/open-installation.ts";
import { startIntake, startProcessors } from "../support/pipeline.ts";
import { runInboxProducer } from "../support/run-inbox-producer.ts";
import { addStore, addTenant } from "../support/tenants.ts";

const { kafkaBrokers, registryUrl } = inject("stack");
const scope = openScope();
afterAll(() => scope.close());

/** Everything else that runs on the machine slows it down, and breaks nothing. */
const waits = { timeout: 60_000 };

let installation: TestInstallation;
let topic: string;
let storeId: string;

beforeAll(async () => {
  installation = await openTestInstallation(scope, {
    EVENT_LOG: "kafka",
    KAFKA_BROKERS: kafkaBrokers,
    SCHEMA_REGISTRY_URL: registryUrl,
  });
  await startProcessors(scope, installation);
  await startIntake(scope, installation);
  const { service } = installation.database;
  const { tenantId } = await addTenant(service, "Chain with a Kafka of its own");
  storeId = await addStore(service, tenantId);
  ({ topic } = await createInbox(installation, tenantId));
});

const order = (change: Readonly<Record<string, unknown>> = {}) => ({
  storeId,
  orderId: randomUUID(),
  version: { vendorVersion: "1" },
  status: "closed",
  openedAt: "2026-11-20T10:15:00+01:00",
  paidAt: "2026-11-20T10:50:00+01:00",
  currency: "EUR",
  lines: [{ key: "1", name: "Soup", gross: "1250", tax: "200" }],
  payments: [{ key: "p1", method: "card", amount: "1450", tip: "100" }],
  ...change,
});

const produceInPython = (orders: readonly object[]) =>
  runInboxProducer({ brokers: kafkaBrokers, registryUrl, topic }, orders);

/** Writes bytes as they are to one partition. */
async function produceRaw(values: readonly Buffer[], partition: number): Promise<void> {
  const producer = new Producer<Buffer, Buffer, Buffer, Buffer>({
    clientId: "foreign",
    bootstrapBrokers: kafkaBrokers.split(","),
  });
  const key = Buffer.from("till 7");
  await producer.send({ messages: values.map((value) => ({ topic, partition, key, value })) });
  await producer.close();
}

const framed = (schemaId: number, payload: Buffer) => {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(schemaId, 1);
  return Buffer.concat([header, payload]);
};

/** Registers a schema that no inbox's subject would take, as another team does by mistake. */
async function registerForeign(schema: object): Promise<number> {
  const answer = await fetch(`${registryUrl}/subjects/foreign-${randomUUID()}-value/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema: JSON.stringify(schema) }),
  });
  const { id } = (await answer.json()) as { id: number };
  return id;
}

const letters = () =>
  listDeadLetters(installation.database.service, { topic, group: INBOX_GROUP, maxCount: 100 });

/** Orders of the store that the ledger has, and their net. */
async function counted(): Promise<{ readonly orders: number; readonly net: string }> {
  const { rows } = await installation.database.service.query<{ orders: number; net: string }>(
    `select count(distinct order_key)::int as orders, coalesce(sum(net), 0)::text as net
     from ledger_entry where store_id = $1`,
    [storeId],
  );
  return rows[0] ?? { orders: 0, net: "0" };
}

describe("a producer in Python that knows Kafka and the registry, and nothing of ours", () => {
  test("has its orders counted, each once, however often it writes them", async () => {
    const orders = Array.from({ length: 40 }, () => order());
    expect(await produceInPython(orders)).toContain("40 of 40 orders are durable");
    await expect.poll(counted, waits).toEqual({ orders: 40, net: "50000" });
    const newer = { ...orders[0], version: { vendorVersion: "2" }, lines: [] };
    await produceInPython([...orders, { ...newer, payments: [] }]);
    await expect.poll(counted, waits).toEqual({ orders: 40, net: "48750" });
    expect(await letters()).toEqual([]);
  });

  test("is stopped by no bad record: three are set aside with reasons, the rest is counted", async () => {
    const before = await counted();
    const partition = 0;
    await produceRaw(
      [Buffer.from("orders as text"), framed(0x7f_ff_ff_ff, Buffer.from([1]))],
      partition,
    );
    const good = Array.from({ length: 40 }, () => order());
    await produceInPython([...good.slice(0, 20), order({ currency: "EUX" }), ...good.slice(20)]);
    await expect
      .poll(counted, waits)
      .toEqual({ orders: before.orders + 40, net: String(BigInt(before.net) + 50_000n) });
    await expect.poll(async () => (await letters()).length, waits).toBe(3);
    const reasons = (await letters()).map(({ reason }) => reason).sort();
    expect(reasons).toEqual([
      expect.stringMatching(/^undecodable: .*names no schema/),
      expect.stringMatching(/^undecodable: .*schema \d+ is not registered/),
      expect.stringMatching(/^validationFailed: currency: /),
    ]);
    const lag = await installation.eventLog.lag(topic, INBOX_GROUP);
    expect(lag.map(({ lagRecords }) => lagRecords)).toEqual([0n, 0n, 0n, 0n]);
  });

  test("whose schema came late has its orders counted once they are sent again", async () => {
    const before = await counted();
    const newer = {
      ...(inboxOrderCodec.schema as object),
      fields: [
        ...(inboxOrderCodec.schema as unknown as { fields: object[] }).fields,
        { name: "till", type: ["null", "string"], default: null },
      ],
    };
    const probe = { type: "record", name: `Probe${Date.now()}`, fields: [] };
    const comingId = (await registerForeign(probe)) + 1;
    const noTill = Buffer.from([0]);
    const late = Buffer.concat([inboxOrderCodec.encode(order()), noTill]);
    await produceRaw([framed(comingId, late)], 1);
    await expect.poll(async () => (await letters()).length, waits).toBe(4);
    expect(await registerForeign(newer)).toBe(comingId);

    const { database, eventLog, clock } = installation;
    const waiting = (await letters()).filter(({ reason }) => reason.includes(`${comingId} is not`));
    const redriving = { pool: database.service, eventLog, clock };
    expect(await redriveDeadLetters(redriving, waiting, "ana")).toBe(1);
    await expect
      .poll(counted, waits)
      .toEqual({ orders: before.orders + 1, net: String(BigInt(before.net) + 1_250n) });
    expect(await letters()).toHaveLength(3);
  });

  // Last, since its partition stands from then on.
  test("waits where its registered schema cannot be read, and the other partitions go on", async () => {
    const before = await letters();
    const withoutCurrency = await registerForeign({
      type: "record",
      name: "InboxOrderV1",
      namespace: "tillcast",
      fields: [{ name: "orderId", type: "string" }],
    });
    const partition = 2;
    await produceRaw([framed(withoutCurrency, Buffer.from([2, 0x61]))], partition);
    await expect
      .poll(() => installation.metrics.text(), waits)
      .toMatch(/event_log_stopped_partitions\{.*code="schemaUnreadable"\} 1/);
    await produceRaw([Buffer.from("orders as text")], 3);
    await expect.poll(async () => (await letters()).length, waits).toBe(before.length + 1);
    const lag = await installation.eventLog.lag(topic, INBOX_GROUP);
    expect(lag.map(({ lagRecords }) => lagRecords)).toEqual([0n, 0n, 1n, 0n]);
  });
});
