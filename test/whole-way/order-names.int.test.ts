import { randomUUID } from "node:crypto";
import { changeFeed } from "@tillcast/accounts";
import { openScope, operatorActor } from "@tillcast/core";
import { decideNames, listNameConflicts, suggestedNumberings } from "@tillcast/core/orders";
import { findJob } from "@tillcast/core/work";
import { replayLedger, verifyTables } from "@tillcast/proofs";
import type { Numbering, OrderPushInput } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aBill } from "../support/a-bill.ts";
import { type ComposedProduct, composeProduct } from "../support/composed-product.ts";
import { makeRestClient, type RestClient } from "../support/rest-client.ts";
import { addStore, addTenant, type TestTenant } from "../support/tenants.ts";
import { untilSettled } from "../support/until-settled.ts";

const scope = openScope();
let product: ComposedProduct;
let tenant: TestTenant;
let client: RestClient;

beforeAll(async () => {
  product = await composeProduct(scope);
  tenant = await addTenant(product.installation.database.service, "Many tills");
  client = makeRestClient(product.url, tenant.key);
});
afterAll(() => scope.close());

const service = () => product.installation.database.service;
const newStore = () => addStore(service(), tenant.tenantId);

interface Sold extends Partial<OrderPushInput> {
  readonly gross: string;
  readonly item?: string;
}

/** A bill at an instant, of one line without tax. */
function sold(storeId: string, at: string, { gross, item = "Soup", ...change }: Sold) {
  const bill = aBill(storeId, {
    paidAt: at,
    orderId: "1001",
    lines: [{ key: "1", name: item, gross }],
    payments: [],
  });
  return { ...bill, ...change };
}

async function push(...orders: readonly unknown[]): Promise<{ result: string; reason: unknown }[]> {
  const answers = [];
  for (const order of orders) {
    const { status, body } = await client.push(order);
    expect(status, JSON.stringify(body)).toBe(200);
    answers.push(...body.orders);
    await untilSettled(product.installation.eventLog);
  }
  return answers.map(({ result, reason }) => ({ result, reason }));
}

async function netOf(storeId: string): Promise<Record<string, string>> {
  const range = { from: "2025-01-01", to: "2026-12-01", grain: "business-day" };
  const rows = await client.sales(storeId, range);
  return Object.fromEntries(
    rows.filter(({ net }) => net !== "0").map(({ businessDate, net }) => [businessDate, net]),
  );
}

async function setNumbering(
  locationId: string,
  numbering: Exclude<Numbering, "unknown">,
): Promise<void> {
  const feed = { source: "push", accountId: "default", locationId } as const;
  const { tenantId } = tenant;
  const by = { ...operatorActor(Date.now()), name: "ana@example.com" };
  const job = await changeFeed(service(), { tenantId, feed, change: { numbering }, by });
  const state = async () => (await findJob(service(), job?.jobId ?? ""))?.state;
  await expect.poll(state, { timeout: 60_000 }).toBe("done");
}

const conflictsOf = (locationId: string, accountId = "default", withDecided = false) =>
  listNameConflicts(service(), {
    tenantId: tenant.tenantId,
    feed: { source: "push", accountId, locationId },
    withDecided,
    maxCount: 50,
  });

describe("one number", () => {
  test("of two stores of a tenant is two orders, each with its status", async () => {
    const [a, b] = [await newStore(), await newStore()];
    const { body } = await client.push(sold(a, "2026-03-02T11:00:00Z", { gross: "1000" }));
    const second = await client.push(
      sold(b, "2026-03-02T11:05:00Z", { gross: "500", item: "Tea" }),
    );
    await untilSettled(product.installation.eventLog);
    expect(await netOf(a)).toEqual({ "2026-03-02": "1000" });
    expect(await netOf(b)).toEqual({ "2026-03-02": "500" });
    expect(body.orders[0]?.result).toBe("accepted");
    const url = second.body.orders[0]?.statusUrl ?? "";
    expect(await client.get(url)).toMatchObject({
      status: 200,
      body: { state: "counted", storeId: b, windows: [{ net: "500" }] },
    });
  });

  test("of two registers is parked by name, and counted once the numbering is set", async () => {
    const store = await newStore();
    const first = sold(store, "2026-03-02T11:00:00Z", { gross: "1000", registerId: "R1" });
    const other = { gross: "500", item: "Tea", registerId: "R2" };
    const second = sold(store, "2026-03-02T11:00:00Z", other);
    const [, answer] = await push(first, second);
    expect(answer).toMatchObject({ result: "parked" });
    expect(answer?.reason).toContain("register R2");
    expect(await netOf(store)).toEqual({ "2026-03-02": "1000" });
    expect(await client.settled({ orderId: "1001" })).toMatchObject({ state: "parked" });
    await setNumbering(store, "per_register");
    await expect.poll(() => netOf(store)).toEqual({ "2026-03-02": "1500" });
    expect(await conflictsOf(store, "default", true)).toMatchObject([
      { decision: "renamed", decidedBy: "rule" },
    ]);
  });

  test("that restarts daily and weekly is counted where the feed says so, and parked where nobody does", async () => {
    const store = await newStore();
    const days = ["2026-01-16", "2026-01-17", "2026-01-23", "2026-01-24"];
    const bills = days.map((day) => sold(store, `${day}T11:00:00Z`, { gross: "1000" }));
    const answers = await push(...bills, ...bills);
    expect(answers.map(({ result }) => result)).toEqual([
      "accepted",
      ...["parked", "parked", "parked"],
      "duplicate",
      ...["parked", "parked", "parked"],
    ]);
    expect(await netOf(store)).toEqual({ "2026-01-16": "1000" });
    const feed = { source: "push", accountId: "default", locationId: store };
    expect(
      (await suggestedNumberings(service(), tenant.tenantId)).of({
        tenantId: tenant.tenantId,
        ...feed,
      }),
    ).toEqual({
      numbering: "per_day",
      conflicts: 3,
    });
    await setNumbering(store, "per_day");
    const each = Object.fromEntries(days.map((day) => [day, "1000"]));
    await expect.poll(() => netOf(store)).toEqual(each);
    // What was counted under the number alone is still that order.
    const version = { vendorVersion: 2 };
    await push(sold(store, "2026-01-16T11:00:00Z", { gross: "1100", version }));
    expect(await netOf(store)).toEqual({ ...each, "2026-01-16": "1100" });
  });

  test("without its register is refused by name where numbers are per register", async () => {
    const store = await newStore();
    await push(sold(store, "2026-03-02T11:00:00Z", { gross: "1000", orderId: "first" }));
    await setNumbering(store, "per_register");
    await expect
      .poll(
        async () => {
          const order = sold(store, "2026-03-02T12:00:00Z", {
            gross: "500",
            orderId: randomUUID(),
          });
          return (await client.push(order)).body.orders[0];
        },
        { timeout: 10_000 },
      )
      .toMatchObject({
        result: "rejected",
        field: "registerId",
        reason: "is missing; this feed's numbers are per register",
      });
  });

  test("used again after a year with a lower version is no duplicate and takes nothing away", async () => {
    const store = await newStore();
    const version = { vendorVersion: 7 };
    const first = sold(store, "2025-03-02T11:00:00Z", { gross: "1000", version });
    const again = sold(store, "2026-03-02T11:00:00Z", { gross: "1000" });
    expect(await push(first, again)).toMatchObject([{ result: "accepted" }, { result: "parked" }]);
    expect(await netOf(store)).toEqual({ "2025-03-02": "1000" });
    expect(await conflictsOf(store)).toHaveLength(1);
  });
});

describe("what a person decides", () => {
  const decide = async (store: string, decision: "correction" | "another_sale" | "discard") => {
    const conflictIds = (await conflictsOf(store)).slice(0, 1).map(({ conflictId }) => conflictId);
    const { tenantId } = tenant;
    const by = { ...operatorActor(Date.now()), name: "ana@example.com" };
    return decideNames(service(), by, { conflictIds, decision, tenantId });
  };
  const twoBills = async (store: string) => {
    await push(
      sold(store, "2026-03-02T11:00:00Z", { gross: "1000" }),
      sold(store, "2026-03-03T11:00:00Z", { gross: "400", version: { vendorVersion: 2 } }),
    );
  };

  test("another sale is counted beside the known one, with its later pictures", async () => {
    const store = await newStore();
    await twoBills(store);
    expect(await decide(store, "another_sale")).toBe(1);
    await expect.poll(() => netOf(store)).toEqual({ "2026-03-02": "1000", "2026-03-03": "400" });
    await push(
      sold(store, "2026-03-03T11:00:00Z", { gross: "450", version: { vendorVersion: 3 } }),
    );
    await expect.poll(() => netOf(store)).toEqual({ "2026-03-02": "1000", "2026-03-03": "450" });
    expect(await conflictsOf(store)).toEqual([]);
  });

  test("a correction takes the known order's place, and a discard leaves it", async () => {
    const [corrected, discarded] = [await newStore(), await newStore()];
    await twoBills(corrected);
    await decide(corrected, "correction");
    await expect.poll(() => netOf(corrected)).toEqual({ "2026-03-03": "400" });
    await twoBills(discarded);
    await decide(discarded, "discard");
    expect(await conflictsOf(discarded)).toEqual([]);
    expect(await netOf(discarded)).toEqual({ "2026-03-02": "1000" });
    await expect(decide(discarded, "discard")).resolves.toBe(0);
  });
});

test("verify and replay are equal after all of it", async () => {
  await untilSettled(product.installation.eventLog);
  expect((await verifyTables(service())).differences).toEqual([]);
  const { ownerUrl, eventLog } = product.installation;
  const replayed = await replayLedger({ ownerUrl, eventLog, swap: false });
  expect(replayed.tables.filter(({ equal }) => !equal)).toEqual([]);
});
