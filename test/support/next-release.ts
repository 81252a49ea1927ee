/** A next release beside this one: records of every topic with a word and a field that this one lacks. */

import { randomUUID } from "node:crypto";
import { connectClient, hasTurned, inTransaction } from "@tillcast/core/database";
import { loadSnapshotDecoders, type StoredSnapshot, snapshotOf } from "@tillcast/core/orders";
import { type EventLog, type LogRecord, listDeadLetters } from "@tillcast/event-log";
import { verifyTables } from "@tillcast/proofs";
import {
  type AlertChanged,
  type AvroCodec,
  alertChangedCodec,
  codecOf,
  type FeedChanged,
  type ForecastIssued,
  feedChangedCodec,
  feedKeyOf,
  forecastIssuedCodec,
  inboxOrderCodec,
  inboxTopicOf,
  type JobChanged,
  jobChangedCodec,
  orderChannels,
  type SalesUpdated,
  salesUpdatedCodec,
  schemaFingerprint,
  topics,
} from "@tillcast/schemas";
import { startLedgerProcessor } from "@tillcast/stream-processors";
import { expect } from "vitest";
import type { SchemaRegistry } from "../../event-log/schema-ids/schema-registry.ts";
import { frame } from "../../event-log/schema-ids/wire-format.ts";
import { newWord, nextSchema } from "../../schemas/avro/testing/next-schema.ts";
import { postedCodec } from "../../stream-processors/ledger/fold/posted.ts";
import type { ProcessorHarness } from "../../stream-processors/testing/harness.ts";
import { line, order } from "../../stream-processors/testing/orders.ts";

const at = Date.parse("2026-11-21T12:00:00Z");

/** What the next release writes; a place that can grow gets the new word. */
function messagesOf(tenantId: string, storeId: string) {
  const place = { tenantId, storeId };
  const sales: SalesUpdated = {
    ...{ ...place, epoch: 1, prevSeq: 1, seq: 2, open: [], daysChanged: [], receivedAt: at },
    versions: null,
    windows: [
      {
        ...{ businessDate: "2026-11-21", start: at, channel: "dine_in", currency: "EUR" },
        ...{ values: [1n], channelNumber: 8 },
      },
    ],
  };
  const feed: FeedChanged = {
    ...{ ...place, feedKey: "k", state: "live", since: at, lastProofAt: at, watermark: at },
    version: 1,
  };
  const job: JobChanged = {
    ...{ jobId: randomUUID(), tenantId, kind: "k", state: "queued", progress: 0.5 },
    ...{ message: "m", changedAt: at },
  };
  const alert: AlertChanged = {
    ...{ ...place, episodeId: "e", kind: "no_sales", state: "resolved", openedAt: at },
    ...{ changedAt: at, message: "m", version: 1 },
  };
  const forecast: ForecastIssued = {
    ...{ ...place, channel: "all", grain: "hour", issuedAt: at, cutoff: at, modelName: "m" },
    ...{ version: 1, businessDate: null, starts: [at], quantiles: [0.5], values: [1] },
    landing: null,
  };
  return [
    [topics.sales.topic, salesUpdatedCodec, sales],
    [topics.feeds.topic, feedChangedCodec, feed],
    [topics.jobs.topic, jobChangedCodec, job],
    [topics.alerts.topic, alertChangedCodec, alert],
    [topics.forecasts.topic, forecastIssuedCodec, forecast],
  ] as const;
}

/** Appends a value of `codec`'s shape as the next release writes it, with its new words. */
async function appendAsNext(
  { eventLog, registry }: { readonly eventLog: EventLog; readonly registry: SchemaRegistry },
  topic: string,
  { key, value }: { readonly key: string; readonly value: unknown },
): Promise<{ readonly payload: Buffer; readonly read: unknown }> {
  const codec = codecOf(topic) as AvroCodec<unknown>;
  const next = nextSchema(codec.schema);
  const { schema } = next;
  const id = await registry.register(topic, { schema, fingerprint: schemaFingerprint(schema) });
  const payload = next.encode(next.withNewWords(value));
  await eventLog.append(topic, [{ key, value: frame(id, payload), isFramed: true }]);
  return { payload, read: next.withFallbacks(value) };
}

/** This release reads each record that the next one writes, and settles its orders to the cent. */
export async function expectNextReleaseRead(
  harness: ProcessorHarness,
  registry: SchemaRegistry,
): Promise<void> {
  const { eventLog, test } = harness;
  const pool = test.database.service;
  expect(await hasTurned(pool)).toBe(true);
  const [tenantId, storeId] = [randomUUID(), randomUUID()];
  const log = { eventLog, registry };
  const inOurs = ({ value }: LogRecord, codec: AvroCodec<unknown>) => codec.decode(value);

  for (const [topic, codec, value] of messagesOf(tenantId, storeId)) {
    const heard: unknown[] = [];
    const tail = await eventLog.tail({
      topic,
      onRecords: (records) =>
        void heard.push(...records.map((record) => inOurs(record, codec as AvroCodec<unknown>))),
    });
    const { read } = await appendAsNext(log, topic, { key: storeId, value });
    await expect.poll(() => heard, { message: topic }).toContainEqual(read);
    await tail.close();
  }

  const inbox = inboxTopicOf(tenantId);
  await eventLog.ensureTopics([inbox]);
  const foreign = { ...emptyInboxOrder, orderId: "foreign", channel: newWord };
  await appendAsNext(log, inbox.topic, { key: "k", value: foreign });
  const [inboxRecord] = await readAll(eventLog, inbox.topic);
  expect(inboxOrderCodec.decode(inboxRecord?.value as Buffer)).toEqual(foreign);

  const processor = await startLedgerProcessor(harness.deps);
  try {
    const sold = order({ tenantId, storeId, orderId: "sold", channel: "delivery" });
    const lines = [line({ net: 700n }), line({ key: "l2", net: 50n, kind: "item" })];
    const charges = [{ key: "c", kind: "delivery" as const, net: 30n, tax: 0n, lineKey: null }];
    const value = { ...sold, lines, charges };
    const key = feedKeyOf(value);
    const { payload, read } = await appendAsNext(log, topics.orders.topic, { key, value });
    await harness.append([
      order({ tenantId, storeId, orderId: "ours", lines: [line({ net: 9n })] }),
    ]);
    await expect
      .poll(() => sumsOf(harness, storeId), { timeout: 60_000 })
      .toEqual([
        { channel: 0, net: "9", other: "0" },
        { channel: 7, net: "750", other: "30" },
      ]);
    const { rows } = await pool.query<StoredSnapshot>(
      "select schema_fingerprint, snapshot from order_head where store_id = $1 and order_id = 'sold'",
      [storeId],
    );
    const [head] = rows;
    // The bytes are kept, so that a release which knows the word has it.
    expect(head?.snapshot).toEqual(payload);
    const decoders = await inTransaction(pool, (tx) => loadSnapshotDecoders(tx, rows));
    expect(head && snapshotOf(decoders, head)).toEqual(read);
    await expectLaterChannelTakenBack(harness, tenantId);
  } finally {
    await processor.stop();
  }
  const topicsOfOurs = [topics.orders.topic, inbox.topic];
  for (const topic of topicsOfOurs) {
    const letters = await listDeadLetters(pool, { topic, maxCount: 100 });
    // A broker that other tests share has their poison too.
    const ours = letters.filter(({ key }) => topic === inbox.topic || key.startsWith(tenantId));
    expect(ours.map(({ reason }) => reason)).toEqual([]);
  }
  await expectEqual(harness);
}

/** What the next release posted under a channel of its own, this one takes back from the same rows. */
async function expectLaterChannelTakenBack(
  harness: ProcessorHarness,
  tenantId: string,
): Promise<void> {
  const storeId = randomUUID();
  const sums = () => sumsOf(harness, storeId);
  const sold = (net: bigint, vendorVersion: number) =>
    order({
      ...{ tenantId, storeId, orderId: "theirs", vendorVersion, channel: "other" },
      lines: [line({ net })],
    });
  await harness.append([sold(40n, 1)]);
  await expect.poll(sums, slow).toEqual([{ channel: other, net: "40", other: "0" }]);
  await moveToChannel(harness, storeId, laterChannel);
  await expectEqual(harness);
  await harness.append([sold(41n, 2)]);
  await expect.poll(sums, slow).toEqual([
    { channel: other, net: "41", other: "0" },
    { channel: laterChannel, net: "0", other: "0" },
  ]);
}

const other = orderChannels.length - 1;
const laterChannel = orderChannels.length;
const slow = { timeout: 60_000 };

/** Lets a store's rows be as the next release would have posted them: under the number of its own channel. */
async function moveToChannel(
  { test }: ProcessorHarness,
  storeId: string,
  channel: number,
): Promise<void> {
  // Services may only add to the ledger; the owner may change it.
  const owner = await connectClient({
    connectionString: test.url,
    options: "-c search_path=tillcast",
  });
  try {
    const { rows } = await owner.query<{ order_key: Buffer; posted: Buffer }>(
      "select order_key, posted from order_head where store_id = $1",
      [storeId],
    );
    for (const { order_key, posted } of rows) {
      const moved = postedCodec.encode({ ...postedCodec.decode(posted), channel });
      await owner.query("update order_head set posted = $2 where order_key = $1", [
        order_key,
        moved,
      ]);
    }
    for (const table of ["ledger_entry", "rollup_15m", "rollup_hour", "rollup_day"]) {
      await owner.query(`update ${table} set channel = $2 where store_id = $1`, [storeId, channel]);
    }
  } finally {
    await owner.end();
  }
}

/** Every store is made known; a log that other tests use has orders of theirs. */
async function expectEqual({ test }: ProcessorHarness): Promise<void> {
  const pool = test.database.service;
  await pool.query(
    `insert into tenant (tenant_id, name)
     select distinct tenant_id, 'Test' from order_head on conflict do nothing`,
  );
  await pool.query(
    `insert into store (store_id, tenant_id, name, time_zone, currency)
     select distinct on (store_id) store_id, tenant_id, 'Store', 'Europe/Berlin', 'EUR'
     from order_head on conflict do nothing`,
  );
  const { differences } = await verifyTables(pool);
  expect(differences).toEqual([]);
}

async function sumsOf({ test }: ProcessorHarness, storeId: string) {
  const { rows } = await test.database.service.query(
    `select channel, net::text as net, charge_other::text as other from rollup_day
     where store_id = $1 order by channel`,
    [storeId],
  );
  return rows;
}

async function readAll(eventLog: EventLog, topic: string): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for (const { partition, start, end } of await eventLog.bounds(topic)) {
    if (start === end) continue;
    const wanted = { topic, partition, from: start, maxCount: 100, maxBytes: 1_000_000 };
    records.push(...(await eventLog.read(wanted)));
  }
  return records;
}

/** Every field that an inbox's record may leave out, left out. */
const emptyInboxOrder = emptyOf(inboxOrderCodec.schema) as object;

function emptyOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return null;
  const { type, fields } = (typeof schema === "string" ? { type: schema } : schema) as {
    readonly type: unknown;
    readonly fields?: readonly { readonly name: string; readonly type: unknown }[];
  };
  if (type === "record") {
    return Object.fromEntries((fields ?? []).map((field) => [field.name, emptyOf(field.type)]));
  }
  if (type === "array") return [];
  if (type === "boolean") return false;
  return type === "string" ? "x" : 0;
}
