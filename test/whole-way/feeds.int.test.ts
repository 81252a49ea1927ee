import {
  changeFeed,
  claimParkedOrders,
  countReleased,
  type FeedChange,
  findFeed,
} from "@tillcast/accounts";
import { openScope, operatorActor, silentLogger, systemClock } from "@tillcast/core";
import { findJob, type Job } from "@tillcast/core/work";
import type { EventLog } from "@tillcast/event-log";
import { replayLedger, verifyTables } from "@tillcast/proofs";
import type { OrderPushInput } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeIngestMetrics } from "../../ingest/accept/ingest-metrics.ts";
import { makeStoreLookup } from "../../ingest/places/store-lookup.ts";
import { reappendJobHandler } from "../../ingest/reappend/reappend-job.ts";
import { aBill } from "../support/a-bill.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { makeRestClient, type RestClient } from "../support/rest-client.ts";
import { addStore, addTenant, type TestTenant } from "../support/tenants.ts";

const scope = openScope();
let product: ComposedProduct;
let tenant: TestTenant;
let client: RestClient;

beforeAll(async () => {
  product = await composeProduct(scope);
  tenant = await addTenant(product.installation.database.service, "Movers");
  client = makeRestClient(product.url, tenant.key);
});
afterAll(() => scope.close());

const service = () => product.installation.database.service;
const november = { from: "2026-11-15", to: "2026-11-25", grain: "business-day" };
const feedOf = (locationId: string) => ({ source: "push", accountId: "default", locationId });
const decisionOf = (locationId: string) => ({
  tenantId: tenant.tenantId,
  feed: feedOf(locationId),
  by: { ...operatorActor(0), name: "a test" },
});

/** A bill that names its location and no store. */
function ofLocation(locationId: string, change: Partial<OrderPushInput> = {}): OrderPushInput {
  const { storeId: _, ...bill } = aBill("");
  return { ...bill, locationId, ...change };
}

async function counted(...orders: OrderPushInput[]): Promise<void> {
  const { body } = await client.push(orders);
  expect(body, JSON.stringify(body)).toMatchObject({ rejected: 0, parked: 0 });
  for (const order of orders) await client.settled(order);
}

async function changed(locationId: string, change: FeedChange): Promise<Job> {
  const job = await changeFeed(service(), { ...decisionOf(locationId), change });
  expect(job).not.toBeNull();
  return jobDone((job as Job).jobId);
}

async function jobDone(jobId: string): Promise<Job> {
  const find = () => findJob(service(), jobId);
  await expect.poll(async () => (await find())?.state, { timeout: 30_000 }).toBe("done");
  return (await find()) as Job;
}

async function netOf(storeId: string): Promise<string[]> {
  const windows = await client.sales(storeId, november);
  return windows
    .filter(({ orders, net }) => orders !== 0 || net !== "0")
    .map(({ businessDate, net, orders }) => `${businessDate} ${net} of ${orders}`);
}

async function expectEqual(): Promise<void> {
  expect((await verifyTables(service())).differences).toEqual([]);
  const { ownerUrl, eventLog } = product.installation;
  expect(await replayLedger({ ownerUrl, eventLog, swap: false })).toMatchObject({ equal: true });
}

describe("a location that is mapped to another store", () => {
  test("takes its orders along once, with the dates of the new store, and both stores' sums are right", async () => {
    const berlin = await addStore(service(), tenant.tenantId);
    const newYork = await addStore(service(), tenant.tenantId, { timeZone: "America/New_York" });
    await changed("corner", { storeId: berlin });
    const given = { businessDate: "2026-11-17" };
    // 04:30 in Berlin on the 20th, and 22:30 of the evening before in New York.
    const early = {
      openedAt: "2026-11-20T03:30:00Z",
      closedAt: "2026-11-20T03:30:00Z",
      paidAt: "2026-11-20T03:30:00Z",
    };
    const orders = [ofLocation("corner"), ofLocation("corner", early), ofLocation("corner", given)];
    await counted(...orders);
    const other = aBill(berlin);
    await counted(other);
    expect(await netOf(berlin)).toEqual(["2026-11-17 1250 of 1", "2026-11-20 3750 of 3"]);

    const job = await changed("corner", { storeId: newYork });
    expect(job.message).toBe("3 orders appended again");
    expect(await netOf(berlin)).toEqual(["2026-11-20 1250 of 1"]);
    expect(await netOf(newYork)).toEqual([
      "2026-11-17 1250 of 1",
      "2026-11-19 1250 of 1",
      "2026-11-20 1250 of 1",
    ]);
    // The same push again is known, and is not counted at the former store.
    expect((await client.push(orders)).body).toMatchObject({ accepted: 0, duplicates: 3 });

    const again = await changeFeed(service(), {
      ...decisionOf("corner"),
      change: { storeId: newYork },
    });
    expect(again).toBeNull();
    await changed("corner", { storeId: berlin });
    expect(await netOf(newYork)).toEqual([]);
    expect(await netOf(berlin)).toEqual(["2026-11-17 1250 of 1", "2026-11-20 3750 of 3"]);
    await expectEqual();
  });

  test("moves each order once although the job is interrupted and run twice", async () => {
    const [from, to] = [
      await addStore(service(), tenant.tenantId),
      await addStore(service(), tenant.tenantId),
    ];
    await changed("twice", { storeId: from });
    await counted(...Array.from({ length: 30 }, () => ofLocation("twice")));
    const { eventLog, metrics, database } = product.installation;
    let appends = 0;
    const cut: EventLog = {
      ...eventLog,
      append: async (topic, records) => {
        await eventLog.append(topic, records);
        appends += 1;
        throw new Error("the process ends here");
      },
    };
    const deps = (log: EventLog) => ({
      database,
      eventLog: log,
      clock: systemClock,
      log: silentLogger,
      metrics: makeIngestMetrics(metrics),
      stores: makeStoreLookup(database),
      placeTtlMs: 0,
    });
    // As the job's row tells it, without one: the intake of the product would take it.
    await service().query(
      "update feed set store_id = $1, mapping_revision = mapping_revision + 1 where location_id = 'twice'",
      [to],
    );
    const job = { tenantId: tenant.tenantId, payload: feedOf("twice") } as unknown as Job;
    const context = { progress: () => undefined, signal: new AbortController().signal };
    await expect(reappendJobHandler(deps(cut))(job, context)).rejects.toThrow("ends here");
    expect(appends).toBe(1);
    const run = () => reappendJobHandler(deps(eventLog))(job, context);
    await Promise.all([run(), run()]);
    await run();
    expect(await netOf(from)).toEqual([]);
    expect(await netOf(to)).toEqual(["2026-11-20 37500 of 30"]);
    await expectEqual();
  });

  test("moves an order too that another process stamped the former way meanwhile", async () => {
    const [from, to] = [
      await addStore(service(), tenant.tenantId),
      await addStore(service(), tenant.tenantId),
    ];
    await changed("meanwhile", { storeId: from });
    await counted(ofLocation("meanwhile"));
    const job = await changeFeed(service(), {
      ...decisionOf("meanwhile"),
      change: { storeId: to },
    });
    // This intake remembers the former store for some seconds.
    const late = ofLocation("meanwhile");
    await counted(late);
    await jobDone((job as Job).jobId);
    expect(await netOf(from)).toEqual([]);
    expect(await netOf(to)).toEqual(["2026-11-20 2500 of 2"]);
  });
});

describe("the dates that a feed is the authority for", () => {
  test("decide what counts, are moved, and what is outside is kept and says why", async () => {
    const storeId = await addStore(service(), tenant.tenantId);
    await changed("till", { storeId });
    const order = ofLocation("till");
    await counted(order, ofLocation("till", { businessDate: "2026-11-21" }));
    await changed("till", { authority: { from: "2026-11-21", to: null } });
    expect(await netOf(storeId)).toEqual(["2026-11-21 1250 of 1"]);
    expect(await client.settled(order)).toMatchObject({
      state: "not-counted",
      reason: "kept, not counted: this feed is the authority from 21 November 2026 on",
    });
    const facts = () => findFeed(service(), tenant.tenantId, feedOf("till"));
    expect(await facts()).toMatchObject({ withheld: 1n, authorityFrom: "2026-11-21" });
    await changed("till", { authority: { from: null, to: "2026-11-20" } });
    expect(await netOf(storeId)).toEqual(["2026-11-20 1250 of 1"]);
    await changed("till", { authority: { from: null, to: null } });
    expect(await netOf(storeId)).toEqual(["2026-11-20 1250 of 1", "2026-11-21 1250 of 1"]);
    expect(await facts()).toMatchObject({ withheld: 0n, mappingRevision: 5 });
    const { rows } = await service().query(
      `select mapping_revision, rule, value, decided_by from feed_rule
       where location_id = 'till' order by mapping_revision`,
    );
    expect(rows[1]).toEqual({
      mapping_revision: 3,
      rule: "authority",
      value: { from: "2026-11-21", to: null, was: { from: null, to: null } },
      decided_by: "a test",
    });
    expect(rows).toHaveLength(4);
    await expectEqual();
  });
});

test("parked orders are claimed, counted, and told with their net", async () => {
  const storeId = await addStore(service(), tenant.tenantId);
  const orders = [ofLocation("pier"), ofLocation("pier"), ofLocation("pier")];
  expect((await client.push(orders)).body).toMatchObject({ parked: 3 });
  expect(await client.settled(orders[0] as OrderPushInput)).toMatchObject({
    state: "parked",
    reason: expect.stringContaining("pier"),
  });
  const sinceMs = Date.now() - 1;
  const job = await claimParkedOrders(service(), { ...decisionOf("pier"), storeId });
  await jobDone(job.jobId);
  expect(await countReleased(service(), tenant.tenantId, feedOf("pier"), sinceMs)).toEqual({
    orders: 3,
    net: [{ currency: "EUR", amount: 3_750n }],
  });
  expect(await netOf(storeId)).toEqual(["2026-11-20 3750 of 3"]);
});
