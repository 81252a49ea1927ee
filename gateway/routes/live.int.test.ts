import { dateArray, float8Array, timestamptzArray } from "@tillcast/core/database";
import {
  type ClientToServer,
  forecastQuantiles,
  type LiveSnapshot,
  type Overview,
  type ServerToClient,
} from "@tillcast/schemas";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GatewayHarness, harnessNow, openGatewayHarness } from "../testing/harness.ts";
import { addKey, addTenant } from "../testing/people.ts";
import { addStore, postSale, type TestStore } from "../testing/sales.ts";

const HOUR_MS = 3_600_000;

describe("the picture of a past business day", () => {
  let harness: GatewayHarness;
  let authorization: string;
  let store: TestStore;
  let quiet: TestStore;

  beforeAll(async () => {
    harness = await openGatewayHarness();
    const { service } = harness.test.database;
    const tenantId = await addTenant(service);
    authorization = await addKey(service, tenantId, ["sales:read"]);
    store = await addStore(service, { tenantId });
    quiet = await addStore(service, { tenantId });
    await service.query(
      "insert into store_closeout (store_id, tenant_id, effective_from, closeout_minute) values ($1, $2, '2025-11-03', 0)",
      [store.storeId, tenantId],
    );
    const sales = [
      // The clock went back at 03:00 on Sunday 26 October 2025, in the last hours of Saturday's business.
      { at: "2025-10-25T10:00:00Z", net: 1000n },
      { at: "2025-10-26T02:30:00Z", net: 70n },
      { at: "2025-10-26T03:30:00Z", net: 5n },
      { at: "2025-10-18T10:00:00Z", net: 900n },
      { at: "2025-10-19T01:45:00Z", net: 9n },
      // From Monday 3 November on the day turns at midnight: Sunday ended four hours early.
      { at: "2025-11-02T21:00:00Z", net: 200n },
      { at: "2025-11-02T23:30:00Z", net: 300n, businessDate: "2025-11-03" },
      // What is left of 2026-02-20 is a void; the last sale was two days before.
      { at: "2026-02-18T12:00:00Z", net: 400n },
      { at: "2026-02-20T12:00:00Z", net: 0n, orders: -1n, void: 400n },
    ] as const;
    for (const sale of sales) await postSale(service, store, sale);
    await postSale(service, quiet, { at: "2026-03-05T12:00:00Z", net: 1n });
  });
  afterAll(() => harness.close());

  async function addForecast(
    businessDate: string,
    issuedAt: string,
    value: number,
    changes: { readonly grain?: string; readonly channel?: string } = {},
  ): Promise<void> {
    await harness.test.database.service.query(
      `insert into forecast_vintage (store_id, channel, grain, issued_at, tenant_id, cutoff, model_name,
         version, business_date, starts, quantiles, "values", landing)
       values ($1, $2, $3, $4, $5, $4, 'test', 1, ($6::date[])[1], $7, $8, $9, null)`,
      [
        store.storeId,
        changes.channel ?? "all",
        changes.grain ?? "15m",
        new Date(issuedAt),
        store.tenantId,
        dateArray([businessDate]),
        timestamptzArray([Date.parse(`${businessDate}T12:00:00Z`)]),
        float8Array([...forecastQuantiles]),
        float8Array(forecastQuantiles.map(() => value)),
      ],
    );
  }

  function ask(date: string | undefined, storeId = store.storeId) {
    const query: Record<string, string> = date === undefined ? {} : { date };
    const headers = { authorization };
    return harness.http.inject({ url: `/v1/stores/${storeId}/live`, query, headers });
  }
  async function pictureOf(date?: string, storeId = store.storeId): Promise<LiveSnapshot> {
    const answer = await ask(date, storeId);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<LiveSnapshot>();
  }

  test("has the day's windows and bounds, an hour longer where the clock went back", async () => {
    const picture = await pictureOf("2025-10-25");
    expect(picture).toMatchObject({
      businessDate: "2025-10-25",
      isToday: false,
      today: "2026-03-01",
      dayStart: Date.parse("2025-10-25T02:00:00Z"),
      dayEnd: Date.parse("2025-10-26T03:00:00Z"),
      serverTime: harnessNow,
      forecast: null,
      forecastReason: "No forecast was made for this day.",
    });
    expect(picture.dayEnd - picture.dayStart).toBe(25 * HOUR_MS);
    expect(picture.windows.map(({ start, net }) => [start, net])).toEqual([
      [Date.parse("2025-10-25T10:00:00Z"), "1000"],
      [Date.parse("2025-10-26T02:30:00Z"), "70"],
    ]);
    expect(picture.lastWeek).toEqual([
      { start: Date.parse("2025-10-25T10:00:00Z"), net: "900" },
      { start: Date.parse("2025-10-26T01:45:00Z"), net: "9" },
    ]);
    expect(picture.cursor).toEqual((await pictureOf()).cursor);
  });

  test("is bounded by the closeouts that held then", async () => {
    const sunday = await pictureOf("2025-11-02");
    const monday = await pictureOf("2025-11-03");
    expect([sunday.dayStart, sunday.dayEnd, monday.dayEnd]).toEqual([
      Date.parse("2025-11-02T03:00:00Z"),
      Date.parse("2025-11-02T23:00:00Z"),
      Date.parse("2025-11-03T23:00:00Z"),
    ]);
    expect(monday.windows.map(({ net }) => net)).toEqual(["300"]);
  });

  test("has the newest forecast by quarter hours of that date, whenever it was issued", async () => {
    await addForecast("2025-12-01", "2025-12-01T08:00:00Z", 1);
    await addForecast("2025-12-01", "2025-12-20T08:00:00Z", 2);
    await addForecast("2025-12-02", "2025-12-21T08:00:00Z", 3);
    await addForecast("2025-12-01", "2025-12-22T08:00:00Z", 4, { grain: "hour" });
    await addForecast("2025-12-01", "2025-12-22T08:00:00Z", 5, { channel: "delivery" });
    const { forecast, forecastReason } = await pictureOf("2025-12-01");
    expect([forecast?.values[0]?.[0], forecastReason]).toEqual([2, null]);
    expect((await pictureOf("2025-12-03")).forecast).toBeNull();
  });

  test("names the last date with sales, in the past and not of a void, as the overview does", async () => {
    const today = await pictureOf();
    expect(today).toMatchObject({ isToday: true, lastSalesDate: "2026-02-18" });
    expect(await pictureOf("2026-03-01")).toEqual(today);
    expect((await pictureOf(undefined, quiet.storeId)).lastSalesDate).toBeNull();
    const overview = await harness.http.inject({ url: "/v1/overview", headers: { authorization } });
    const dates = overview.json<Overview>().stores.map((row) => [row.storeId, row.lastSalesDate]);
    expect(new Map(dates as [string, string | null][])).toEqual(
      new Map([
        [store.storeId, "2026-02-18"],
        [quiet.storeId, null],
      ]),
    );
  });

  test.each(["2026-03-02", "2015-02-29", "yesterday", "1815-06-18", ""])(
    "is refused for %j, and the fault names the query's date",
    async (date) => {
      const answer = await ask(date);
      expect(answer.statusCode, answer.body).toBeGreaterThanOrEqual(400);
      expect(answer.statusCode).toBeLessThan(500);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
      expect(answer.body).toContain("query.date");
    },
  );

  test("of another tenant's store is not found", async () => {
    const tenantId = await addTenant(harness.test.database.service);
    const foreign = await addStore(harness.test.database.service, { tenantId });
    expect((await ask("2025-10-25", foreign.storeId)).statusCode).toBe(404);
  });

  test("comes over the socket too, and a date ahead is refused with its code", async () => {
    const address = await harness.listen();
    const client: Socket<ServerToClient, ClientToServer> = io(`${address}/live`, {
      transports: ["websocket"],
      auth: { token: authorization.slice("Bearer ".length) },
    });
    try {
      await new Promise<void>((resolve) => client.on("connect", resolve));
      const { storeId } = store;
      const picture = await client.emitWithAck("snapshot", { storeId, date: "2025-10-25" });
      expect(picture).toMatchObject({ businessDate: "2025-10-25", isToday: false });
      const ahead = await client.emitWithAck("snapshot", { storeId, date: "2026-03-02" });
      expect(ahead).toMatchObject({ code: "validationFailed" });
    } finally {
      client.disconnect();
    }
  });
});
