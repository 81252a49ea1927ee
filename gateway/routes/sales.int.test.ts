import type { SalesResponse, SalesRow } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GatewayHarness, openGatewayHarness } from "../testing/harness.ts";
import { addKey, addTenant } from "../testing/people.ts";
import { addStore, postSale, type TestStore } from "../testing/sales.ts";

describe("sales by window", () => {
  let harness: GatewayHarness;
  let berlin: TestStore;
  let authorization: string;
  let tenantId: string;

  beforeAll(async () => {
    harness = await openGatewayHarness();
    const { service } = harness.test.database;
    tenantId = await addTenant(service);
    authorization = await addKey(service, tenantId, ["sales:read"]);
    berlin = await addStore(service, { tenantId });
    const sales = [
      // 03:30 by the store's clock is before the closeout: still the business day before.
      { at: "2026-03-01T02:30:00Z", net: 1000n, gross: 1200n, discount: 200n, tax: 70n },
      { at: "2026-03-01T11:01:00Z", net: 2000n, charge_service: 150n, charge_gratuity: 90n },
      { at: "2026-03-01T11:14:59Z", net: 500n, channel: "delivery", items: 1_500_000n },
      { at: "2026-03-01T11:15:00Z", net: 40n, refund: 10n, void: 5n, guests: 3n },
      { at: "2026-03-01T11:30:00Z", net: 700n, currency: "USD" },
      { at: "2026-03-29T00:30:00Z", net: 11n },
      { at: "2026-03-29T01:30:00Z", net: 13n },
      { at: "2026-03-29T21:59:00Z", net: 17n },
    ] as const;
    for (const sale of sales) await postSale(service, berlin, sale);
  });
  afterAll(() => harness.close());

  async function ask(query: Record<string, string>, store = berlin) {
    return harness.http.inject({
      url: `/v1/stores/${store.storeId}/sales`,
      query,
      headers: { authorization },
    });
  }
  async function windowsOf(query: Record<string, string>, store = berlin): Promise<SalesRow[]> {
    const answer = await ask(query, store);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<SalesResponse>().windows;
  }
  const brief = (rows: readonly SalesRow[]) =>
    rows.map((row) => [row.start.slice(0, 16), row.currency, row.net]);

  test("a quarter hour starts inclusive and ends exclusive", async () => {
    const rows = await windowsOf({
      from: "2026-03-01T11:00:00Z",
      to: "2026-03-01T11:30:00Z",
      grain: "15m",
    });
    expect(brief(rows)).toEqual([
      ["2026-03-01T11:00", "EUR", "2650"],
      ["2026-03-01T11:15", "EUR", "25"],
    ]);
    expect(rows[0]).toMatchObject({
      end: "2026-03-01T11:15:00.000Z",
      businessDate: "2026-03-01",
      charges: "150",
      gratuity: "90",
      orders: 2,
      items: "1.5",
    });
    expect(rows[1]).toMatchObject({ refunds: "10", voids: "5", guests: 3 });
  });

  test("a window in which everything was taken back is left out, in every grain", async () => {
    const { service } = harness.test.database;
    const other = await addStore(service, { tenantId });
    const kept = { at: "2026-03-02T11:00:00Z", net: 500n } as const;
    const voided = { at: "2026-03-02T18:00:00Z", net: 900n, channel: "delivery" } as const;
    for (const sale of [kept, voided, { ...voided, net: -900n, orders: -1n }]) {
      await postSale(service, other, sale);
    }
    for (const grain of ["15m", "hour", "day", "business-day"]) {
      const query = { from: "2026-03-02", to: "2026-03-03", grain };
      for (const by of [{}, { by: "channel" }]) {
        const rows = await windowsOf({ ...query, ...by }, other);
        expect(rows.map((row) => [row.net, row.orders])).toEqual([["500", 1]]);
      }
    }
  });

  test("hours are the clock's, one row for each currency", async () => {
    const rows = await windowsOf({
      from: "2026-03-01T12:00",
      to: "2026-03-01T13:00",
      grain: "hour",
    });
    expect(brief(rows)).toEqual([
      ["2026-03-01T11:00", "EUR", "2675"],
      ["2026-03-01T11:00", "USD", "700"],
    ]);
    expect(rows[0]?.end).toBe("2026-03-01T12:00:00.000Z");
  });

  test("channels are kept apart where asked for", async () => {
    const rows = await windowsOf({
      from: "2026-03-01T11:00:00Z",
      to: "2026-03-01T12:00:00Z",
      grain: "hour",
      by: "channel",
    });
    expect(rows.map((row) => [row.channel, row.currency, row.net])).toEqual([
      ["dine_in", "EUR", "2175"],
      ["dine_in", "USD", "700"],
      ["delivery", "EUR", "500"],
    ]);
  });

  test("a local day holds the early hours, a business day does not", async () => {
    const local = await windowsOf({ from: "2026-03-01", to: "2026-03-02", grain: "day" });
    expect(brief(local)).toEqual([
      ["2026-02-28T23:00", "EUR", "3675"],
      ["2026-02-28T23:00", "USD", "700"],
    ]);
    expect(local[0]?.businessDate).toBeNull();
    const business = await windowsOf({
      from: "2026-02-28",
      to: "2026-03-02",
      grain: "business-day",
    });
    expect(business.map((row) => [row.businessDate, row.currency, row.net])).toEqual([
      ["2026-02-28", "EUR", "1000"],
      ["2026-03-01", "EUR", "2675"],
      ["2026-03-01", "USD", "700"],
    ]);
    expect(business[1]).toMatchObject({
      start: "2026-03-01T03:00:00.000Z",
      end: "2026-03-02T03:00:00.000Z",
    });
  });

  test("a local day is 23 hours long where the clock goes forward", async () => {
    const rows = await windowsOf({ from: "2026-03-29", to: "2026-03-30", grain: "day" });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      start: "2026-03-28T23:00:00.000Z",
      end: "2026-03-29T22:00:00.000Z",
      net: "41",
      orders: 3,
    });
  });

  test("quarters, hours, local days and business days have one sum", async () => {
    const sums = [];
    for (const grain of ["15m", "hour", "day", "business-day"]) {
      const rows = await windowsOf({ from: "2026-02-15", to: "2026-04-10", grain });
      sums.push(rows.reduce((sum, row) => sum + BigInt(row.net), 0n));
    }
    expect(new Set(sums)).toEqual(new Set([4416n]));
  });

  test("net follows the tenant's policy", async () => {
    const { service } = harness.test.database;
    const strict = await addTenant(service, { netCharges: ["gratuity"] });
    const store = await addStore(service, { tenantId: strict });
    await postSale(service, store, {
      at: "2026-03-01T11:00:00Z",
      net: 1000n,
      charge_service: 100n,
      charge_gratuity: 7n,
    });
    const key = await addKey(service, strict, ["sales:read"]);
    const answer = await harness.http.inject({
      url: `/v1/stores/${store.storeId}/sales?from=2026-03-01&to=2026-03-02&grain=business-day`,
      headers: { authorization: key },
    });
    expect(answer.json<SalesResponse>().windows[0]?.net).toBe("1007");
  });

  test("hours of a zone at :30 start at :30", async () => {
    const { service } = harness.test.database;
    const kolkata = await addStore(service, {
      tenantId,
      timeZone: "Asia/Kolkata",
      currency: "INR",
    });
    await postSale(service, kolkata, { at: "2026-03-01T11:20:00Z", net: 5n });
    const [row] = await windowsOf({ from: "2026-03-01", to: "2026-03-02" }, kolkata);
    expect([row?.start, row?.end]).toEqual([
      "2026-03-01T10:30:00.000Z",
      "2026-03-01T11:30:00.000Z",
    ]);
  });

  test("says where the store is, and answers 304 to who has it already", async () => {
    const query = { from: "2026-03-01", to: "2026-03-02", grain: "day" };
    const answer = await ask(query);
    expect(answer.json<SalesResponse>().cursor).toEqual({ epoch: 1, windows: 8 });
    const again = await harness.http.inject({
      url: `/v1/stores/${berlin.storeId}/sales`,
      query,
      headers: { authorization, "if-none-match": String(answer.headers.etag) },
    });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
  });

  test.each([
    [{ from: "yesterday", to: "2026-03-02" }, "query.from"],
    [{ from: "2026-03-02", to: "2026-03-01" }, "query.to"],
    [{ from: "2026-03-01", to: "2026-03-02", grain: "week" }, "query.grain"],
    [{ to: "2026-03-02" }, "query.from"],
    [{ from: "2026-01-01", to: "2026-12-31", grain: "15m" }, "query.to"],
  ])("names the field at fault: %o", async (query, field) => {
    const answer = await ask(query as unknown as Record<string, string>);
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: "validationFailed", field });
  });
});
