import { reappendJobKind } from "@tillcast/accounts";
import { findJob } from "@tillcast/core/work";
import type { FeedList, FeedPatched, ParkedClaimed, ParkedOrders } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { z } from "zod";
import { type GatewayHarness, openGatewayHarness } from "../testing/harness.ts";
import { addTenant, addUser } from "../testing/people.ts";
import { addStore, postSale } from "../testing/sales.ts";

let harness: GatewayHarness;
let tenantId: string;
let storeId: string;
let otherId: string;
let owner: Record<string, string>;
let manager: Record<string, string>;

beforeAll(async () => {
  harness = await openGatewayHarness();
  const { service } = harness.test.database;
  tenantId = await addTenant(service);
  ({ storeId } = await addStore(service, { tenantId, name: "Mitte" }));
  ({ storeId: otherId } = await addStore(service, { tenantId, name: "Harbour" }));
  const host = { origin: "http://localhost:80", host: "localhost:80" };
  const ana = await addUser(service, { tenantId, role: "owner" });
  owner = { cookie: ana.cookie, ...host };
  const bob = await addUser(service, { tenantId, role: "manager", storeIds: [storeId] });
  manager = { cookie: bob.cookie, ...host };
  for (const [locationId, store] of [
    ["till", storeId],
    ["harbour till", otherId],
    ["unknown", null],
  ] as const) {
    await service.query(
      `insert into feed (tenant_id, source, account_id, location_id, store_id)
       values ($1, 'push', 'default', $2, $3)`,
      [tenantId, locationId, store],
    );
  }
  for (const at of [1, 2, 3]) {
    await service.query(
      `insert into parked_order (tenant_id, order_key, version_hash, source, account_id, location_id, order_id,
         reason, payload, received_at, tried_revision)
       values ($1, $2, $3, 'push', 'default', 'unknown', $4, 'not mapped', '{"secret": 1}', $5, 1)`,
      [tenantId, Buffer.alloc(16, at), "a".repeat(32), `order-${at}`, new Date(at * 1_000)],
    );
  }
});
afterAll(() => harness.close());

async function get<Body>(url: string, headers = owner): Promise<Body> {
  const answer = await harness.http.inject({ url, headers });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}
async function send<Body>(method: "PATCH" | "POST", url: string, payload: object) {
  const answer = await harness.http.inject({ method, url, headers: owner, payload });
  return { status: answer.statusCode, body: answer.json<Body>() };
}
type Feeds = z.output<typeof FeedList>;
const till = "/v1/feeds/push/default/till";

describe("feeds", () => {
  test("are listed with their rules and counts, those without a store first, and to a manager in part", async () => {
    const { feeds, isCut } = await get<Feeds>("/v1/feeds");
    expect(isCut).toBe(false);
    expect(feeds.map(({ locationId, parked }) => [locationId, parked])).toEqual([
      ["unknown", 3],
      ["harbour till", 0],
      ["till", 0],
    ]);
    expect(feeds[2]).toEqual({
      source: "push",
      accountId: "default",
      locationId: "till",
      storeId,
      storeName: "Mitte",
      state: "unknown",
      lastProofAt: null,
      numbering: "unknown",
      numberingFrom: "default",
      authority: { from: null, to: null },
      rounding: { rule: "half_even", by: "line", tolerance: "0" },
      currency: null,
      clockAheadMs: null,
      clockAheadAt: null,
      mappingRevision: 1,
      parked: 0,
      withheld: 0,
    });
    const seen = await get<Feeds>("/v1/feeds", manager);
    expect(seen.feeds.map(({ locationId }) => locationId)).toEqual(["till"]);
  });

  test("are changed in one step with one revision, and only what moves orders starts the job", async () => {
    const rounding = { rule: "half_up", by: "order", tolerance: "2" };
    const quiet = await send<z.output<typeof FeedPatched>>("PATCH", till, {
      rounding,
      currency: "EUR",
    });
    expect(quiet).toMatchObject({
      status: 200,
      body: { job: null, feed: { rounding, currency: "EUR", mappingRevision: 2 } },
    });
    const moved = await send<z.output<typeof FeedPatched>>("PATCH", till, {
      storeId: otherId,
      numbering: "per_day",
      authority: { from: "2026-03-03", to: null },
    });
    expect(moved).toMatchObject({
      status: 200,
      body: {
        job: { kind: reappendJobKind, state: "queued" },
        feed: {
          storeId: otherId,
          numbering: "per_day",
          numberingFrom: "set",
          authority: { from: "2026-03-03", to: null },
          mappingRevision: 3,
        },
      },
    });
    const again = await send<z.output<typeof FeedPatched>>("PATCH", till, { numbering: "per_day" });
    expect(again.body).toMatchObject({ job: null, feed: { mappingRevision: 3 } });
    const { rows } = await harness.test.database.service.query(
      "select rule, mapping_revision, decided_by like 'owner-%' as by from feed_rule order by 2, 1",
    );
    expect(rows).toEqual([
      { rule: "currency", mapping_revision: 2, by: true },
      { rule: "rounding", mapping_revision: 2, by: true },
      { rule: "authority", mapping_revision: 3, by: true },
      { rule: "numbering", mapping_revision: 3, by: true },
      { rule: "store", mapping_revision: 3, by: true },
    ]);
  });

  test.each([
    ["another tenant's store", { storeId: "6f1f2a3e-0d1c-4a52-9a3e-2b1d5c7f8e90" }, "storeId"],
    [
      "dates the wrong way round",
      { authority: { from: "2026-03-03", to: "2026-03-01" } },
      "authority.to",
    ],
    ["a date that is none", { authority: { from: "2026-02-30", to: null } }, "body.authority.from"],
    ["an unknown numbering", { numbering: "per_week" }, "body.numbering"],
    [
      "a fraction of a cent",
      { rounding: { rule: "half_up", by: "line", tolerance: "0.5" } },
      "body.rounding.tolerance",
    ],
    ["a field that there is not", { state: "live" }, "body.state"],
  ])("refuse %s by name", async (_, change, field) => {
    const { status, body } = await send<{ faults?: { field: string }[]; field?: string }>(
      "PATCH",
      till,
      change,
    );
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain(`"${field}"`);
  });

  test("that nobody has seen are absent, unless they are mapped ahead of their first order", async () => {
    const url = "/v1/feeds/push/default/new%2Ftill";
    expect((await send("PATCH", url, { currency: "EUR" })).status).toBe(404);
    const { status, body } = await send<z.output<typeof FeedPatched>>("PATCH", url, { storeId });
    expect(status).toBe(200);
    expect(body.feed).toMatchObject({ locationId: "new/till", storeId, mappingRevision: 2 });
  });
});

describe("parked orders", () => {
  type Parked = z.output<typeof ParkedOrders>;

  test("are listed page by page without what was pushed, and counted in the overview", async () => {
    const first = await get<Parked>("/v1/parked-orders?limit=2");
    expect(first.locations).toMatchObject([{ locationId: "unknown", storeId: null, orders: 3 }]);
    expect(first.orders.map(({ orderId }) => orderId)).toEqual(["order-3", "order-2"]);
    expect(first.orders[0]).toEqual({
      source: "push",
      accountId: "default",
      locationId: "unknown",
      orderId: "order-3",
      reason: "not mapped",
      receivedAt: "1970-01-01T00:00:03.000Z",
    });
    const second = await get<Parked>(`/v1/parked-orders?limit=2&cursor=${first.nextCursor}`);
    expect(second.orders.map(({ orderId }) => orderId)).toEqual(["order-1"]);
    expect(second.nextCursor).toBeNull();
    expect(await get("/v1/overview")).toMatchObject({ parked: 3 });
    expect(await get("/v1/overview", manager)).toMatchObject({ parked: 0 });
    expect(await get("/v1/parked-orders", manager)).toMatchObject({ orders: [], locations: [] });
    const wrong = await harness.http.inject({
      url: "/v1/parked-orders?cursor=abc",
      headers: owner,
    });
    expect(wrong.statusCode).toBe(422);
  });

  test("are claimed: the location is mapped, and what was tried in vain is looked at again", async () => {
    const place = { source: "push", accountId: "default", locationId: "unknown" };
    const claim = await send<z.output<typeof ParkedClaimed>>("POST", "/v1/parked-orders/claim", {
      ...place,
      storeId,
    });
    expect(claim.status).toBe(202);
    const { service } = harness.test.database;
    expect(await findJob(service, claim.body.job.jobId)).toMatchObject({
      tenantId,
      payload: place,
    });
    const { rows } = await service.query(
      `select f.store_id, bool_and(p.tried_revision is null) as afresh from parked_order p
       join feed f using (tenant_id, source, account_id, location_id) group by 1`,
    );
    expect(rows).toEqual([{ store_id: storeId, afresh: true }]);
  });
});

describe("a store", () => {
  const url = () => `/v1/stores/${storeId}`;

  test("takes a name, groups, an end, and a zone and closeout from a date on", async () => {
    const { status, body } = await send("PATCH", url(), {
      name: "Mitte I",
      groups: ["city"],
      closedFrom: "2027-01-01",
      currency: "USD",
      timeZone: { zone: "Europe/Lisbon", from: "2026-02-01" },
      closeout: { time: "05:00", from: "2026-02-01" },
    });
    expect(status, JSON.stringify(body)).toBe(200);
    expect(body).toMatchObject({
      name: "Mitte I",
      groups: ["city"],
      closedFrom: "2027-01-01",
      currency: "USD",
      timeZone: "Europe/Lisbon",
      closeoutMinute: 300,
    });
    const { rows } = await harness.test.database.service.query(
      `select effective_from::text, time_zone from store_zone where store_id = $1 order by 1`,
      [storeId],
    );
    expect(rows).toEqual([
      { effective_from: "2000-01-01", time_zone: "Europe/Berlin" },
      { effective_from: "2026-02-01", time_zone: "Europe/Lisbon" },
    ]);
    await send("PATCH", url(), { currency: "EUR", closedFrom: null });
  });

  test("that counts sales keeps its currency, its counted days, and hours that fit them", async () => {
    const { service } = harness.test.database;
    const store = await addStore(service, { tenantId, name: "Busy" });
    await postSale(service, store, { at: "2026-03-01T11:00:00Z", net: 1_000n });
    const busy = `/v1/stores/${store.storeId}`;
    const refused = async (change: object, reason: RegExp) => {
      const { status, body } = await send<{ detail: string }>("PATCH", busy, change);
      expect(status).toBe(409);
      expect(body.detail).toMatch(reason);
    };
    await refused({ currency: "USD" }, /counts sales in EUR already/);
    await refused(
      { closeout: { time: "05:00", from: "2026-03-01" } },
      /sales of 2026-03-01 are counted/,
    );
    const zone = (name: string) => ({ timeZone: { zone: name, from: "2026-03-02" } });
    await refused(zone("Asia/Kolkata"), /not whole hours apart/);
    expect((await send("PATCH", busy, zone("Europe/Lisbon"))).status).toBe(200);
    expect((await send("PATCH", busy, { currency: "EUR" })).status).toBe(200);
  });
});
