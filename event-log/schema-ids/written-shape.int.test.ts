import { makeMetrics, silentLogger } from "@tillcast/core";
import {
  connectClient,
  loadOlderAtWork,
  openDatabase,
  shapeMark,
  turnShape,
} from "@tillcast/core/database";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import {
  type OrderSnapshot,
  orderSnapshotCodec,
  salesUpdatedCodec,
  topics,
} from "@tillcast/schemas";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEventLog } from "../open-event-log.ts";
import type { EventLog } from "../port.ts";
import { openPostgresLog } from "../postgres/postgres-log.ts";
import { anOrder } from "./testing/an-order.ts";
import { readFrame } from "./wire-format.ts";

const { topic } = topics.orders;
const { frozen } = orderSnapshotCodec;

describe("the shape in which records are written", () => {
  let test: TestDatabase;
  let log: EventLog;
  let plain: EventLog;

  beforeAll(async () => {
    test = await createTestDatabase();
    // As in a database that the release before has worked on.
    await asOwner((owner) =>
      owner.query("delete from tillcast.migration where name = $1", [shapeMark]),
    );
    const shared = { pool: test.database.service, url: test.url, log: silentLogger };
    const settings = {
      EVENT_LOG: "postgres",
      KAFKA_REPLICATION_FACTOR: -1,
      KAFKA_TLS: "off",
    } as const;
    log = await openEventLog({ ...shared, settings, metrics: makeMetrics(), applicationName: "t" });
    plain = await openPostgresLog({ ...shared, metrics: makeMetrics() });
    await log.ensureTopics(Object.values(topics));
  });
  afterAll(async () => {
    await log?.close();
    await plain?.close();
    await test?.drop();
  });

  async function asOwner(work: (owner: pg.Client) => Promise<unknown>): Promise<void> {
    const owner = await connectClient({ connectionString: test.url });
    await work(owner).finally(() => owner.end());
  }

  const append = (order: OrderSnapshot) =>
    log.append(topic, [{ key: "one feed", value: orderSnapshotCodec.encode(order) }]);

  /** The newest record as it lies in the log, and as a reader gets it. */
  async function newest() {
    const bounds = (await log.bounds(topic)).find(({ end }) => end > 0n);
    const { partition, end } = bounds ?? { partition: 0, end: 1n };
    const wanted = { topic, partition, from: end - 1n, maxCount: 1, maxBytes: 1_000_000 };
    const [raw] = await plain.read(wanted);
    const [read] = await log.read(wanted);
    return { raw: raw?.value as Buffer, read: orderSnapshotCodec.decode(read?.value as Buffer) };
  }

  it("is that of the release before until it is turned, byte for byte", async () => {
    const order = anOrder({ numbering: "unknown" });
    await append(order);
    const { raw, read } = await newest();
    expect(raw).toEqual(frozen?.encode(order));
    expect(readFrame(raw)).toBeUndefined();
    expect(read).toEqual({ ...order, numbering: null });
  });

  it("refuses by name what that shape cannot say", async () => {
    await expect(append(anOrder({ source: "shopify" }))).rejects.toMatchObject({
      code: "shapeNotTurned",
      fields: { topic, field: "source" },
    });
    await expect(append(anOrder({ orderTax: 5n }))).rejects.toMatchObject({
      fields: { field: "orderTax" },
    });
  });

  it("is not turned while a process of an older release is at work, and says which", async () => {
    const older = await openAsOlder("tillcast gateway");
    const turn = turnShape({ ownerUrl: test.url, lookMs: 0, nowMs: 0 });
    await expect(turn).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("tillcast gateway"),
    });
    expect(await loadOlderAtWork(test.url)).toEqual(["tillcast gateway"]);
    await older();
    // This release's own processes are no hindrance.
    const own = openDatabase({ url: test.url, applicationName: "tillcast gateway" });
    await own.service.query("select 1");
    expect(await loadOlderAtWork(test.url)).toEqual([]);
    await own.close();
  });

  async function openAsOlder(name: string): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: test.url, application_name: name });
    await client.connect();
    return () => client.end();
  }

  it("is this release's once it is turned, in every process within seconds", async () => {
    expect(await turnShape({ ownerUrl: test.url, lookMs: 0, nowMs: 0 })).toBe(true);
    expect(await turnShape({ ownerUrl: test.url, lookMs: 0, nowMs: 0 })).toBe(false);
    const order = anOrder({ source: "shopify", orderTax: 5n, numbering: "per_day" });
    await expect
      .poll(() =>
        append(order).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
    const { raw, read } = await newest();
    expect(readFrame(raw)?.payload).toEqual(orderSnapshotCodec.encode(order));
    expect(read).toEqual(order);
    const { rows } = await test.database.service.query(
      "select action, subject from operator_audit where action = 'log shape'",
    );
    expect(rows).toEqual([{ action: "log shape", subject: shapeMark }]);
  });

  it("is converted where a record says that the release before wrote it", async () => {
    const order = anOrder({ orderId: "kept by an older release" });
    const value = frozen?.encode(order) as Buffer;
    await log.append(topic, [{ key: "one feed", value, writtenIn: "frozen" }]);
    expect((await newest()).read).toEqual(order);
    expect(salesUpdatedCodec.frozen?.fingerprint.toString("hex")).toBe("b3ab310e351ab86f");
  });
});
