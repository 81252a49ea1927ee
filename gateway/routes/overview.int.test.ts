import { dateArray, float8Array, timestamptzArray } from "@tillcast/core/database";
import {
  DAY_MS,
  type ForecastsResponse,
  forecastQuantiles,
  type LiveSnapshot,
  type Overview,
  slotsOfBusinessDay,
  WINDOW_MS,
} from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type GatewayHarness, harnessNow, openGatewayHarness } from "../testing/harness.ts";
import { addKey, addTenant } from "../testing/people.ts";
import { addStore, postSale, type TestStore } from "../testing/sales.ts";

const closeouts = [{ effectiveFrom: "2020-01-01", closeoutMinute: 240 }];

describe("a store's day against its forecast", () => {
  let harness: GatewayHarness;
  let authorization: string;
  let store: TestStore;
  let empty: TestStore;

  beforeAll(async () => {
    harness = await openGatewayHarness();
    const { service } = harness.test.database;
    const tenantId = await addTenant(service);
    authorization = await addKey(service, tenantId, ["sales:read"]);
    store = await addStore(service, { tenantId, name: "B" });
    empty = await addStore(service, { tenantId, name: "A" });
    const sales = [
      { at: "2026-03-01T10:05:00Z", net: 3000n, charge_delivery: 200n },
      { at: "2026-03-01T11:05:00Z", net: 1000n, channel: "delivery" },
      { at: "2026-03-01T11:05:00Z", net: 9n, currency: "USD" },
      // A week ago: before the present time of the day, in the window under way, and later.
      { at: "2026-02-22T10:00:00Z", net: 2500n },
      { at: "2026-02-22T11:01:00Z", net: 70n },
      { at: "2026-02-22T20:00:00Z", net: 8000n },
    ] as const;
    for (const sale of sales) await postSale(service, store, sale);
    await service.query(
      "insert into open_sales (store_id, currency, tenant_id, amount, orders) values ($1, 'EUR', $2, 4500, 3), ($1, 'USD', $2, 0, 0)",
      [store.storeId, tenantId],
    );
    await service.query(
      `insert into feed (tenant_id, source, account_id, location_id, store_id, state, state_since, watermark,
         clock_ahead_ms, clock_ahead_at)
       values ($1, 'push', 'default', 'main', $2, 'live', $3, $3, 7200000, $3)`,
      [tenantId, store.storeId, new Date(harnessNow)],
    );
    await addForecast("2026-03-01", harnessNow - 1_000, 50);
    await addForecast("2026-03-01", harnessNow, 100);
    await addForecast("2026-02-28", harnessNow - DAY_MS, 70);
    await addForecast(null, harnessNow, 400, "hour");
  });
  afterAll(() => harness.close());

  /** A day whose every step is certain of `perStep`. */
  async function addForecast(
    businessDate: string | null,
    issuedAt: number,
    perStep: number,
    grain = "15m",
  ): Promise<void> {
    const size = grain === "15m" ? WINDOW_MS : 4 * WINDOW_MS;
    const starts = slotsOfBusinessDay(
      businessDate ?? "2026-03-01",
      store.timeZone,
      closeouts,
      size,
    );
    await harness.test.database.service.query(
      `insert into forecast_vintage (store_id, channel, grain, issued_at, tenant_id, cutoff, model_name,
         version, business_date, starts, quantiles, "values", landing)
       values ($1, 'all', $2, $3, $4, $3, 'test', 1, ($5::date[])[1], $6, $7, $8, $9)`,
      [
        store.storeId,
        grain,
        new Date(issuedAt),
        store.tenantId,
        dateArray([businessDate]),
        timestamptzArray(starts),
        float8Array([...forecastQuantiles]),
        float8Array(starts.flatMap(() => forecastQuantiles.map(() => perStep))),
        float8Array(forecastQuantiles.map((level) => level * 10_000)),
      ],
    );
  }

  async function get<Answer>(url: string): Promise<Answer> {
    const answer = await harness.http.inject({ url, headers: { authorization } });
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json<Answer>();
  }

  test("the overview has every store by name, with what is expected until now", async () => {
    const { stores, serverTime } = await get<Overview>("/v1/overview");
    expect(serverTime).toBe(harnessNow);
    expect(stores.map((row) => row.name)).toEqual(["A", "B"]);
    expect(stores[0]).toMatchObject({
      net: "0",
      orders: 0,
      open: [],
      expectedSoFar: null,
      landing: null,
      lastWeekSoFar: null,
      daysKnown: 0,
      feeds: [],
    });
    // From 04:00 to 12:07 by the clock: 32 whole quarters and 7 of 15 minutes.
    const expected = 100 * (32 + 7 / 15);
    expect(stores[1]).toMatchObject({
      businessDate: "2026-03-01",
      net: "4200",
      orders: 2,
      open: [{ currency: "EUR", amount: "4500", orders: 3 }],
      expectedSoFar: { p50: expect.closeTo(expected) },
      // What is counted plus the rest of 96 quarters, not the total that the issue held.
      landing: { p50: expect.closeTo(4_200 + 9_600 - expected) },
      lastWeekSoFar: "2500",
      daysKnown: 1,
      feeds: [{ source: "push", state: "live", watermark: harnessNow, clockAheadMs: 7_200_000 }],
    });
  });

  test("the live snapshot has the day's windows, last week's shifted, and the newest forecast", async () => {
    const snapshot = await get<LiveSnapshot>(`/v1/stores/${store.storeId}/live`);
    expect(snapshot).toMatchObject({
      businessDate: "2026-03-01",
      dayStart: Date.parse("2026-03-01T03:00:00Z"),
      dayEnd: Date.parse("2026-03-02T03:00:00Z"),
      cursor: { epoch: 1, windows: 6, forecast: 0, alerts: 0, feeds: 0 },
      forecastReason: null,
    });
    expect(snapshot.windows.map((one) => [one.channel, one.currency, one.net])).toEqual([
      ["dine_in", "EUR", "3200"],
      ["dine_in", "USD", "9"],
      ["delivery", "EUR", "1000"],
    ]);
    expect(snapshot.lastWeek).toEqual([
      { start: Date.parse("2026-03-01T10:00:00Z"), net: "2500" },
      { start: Date.parse("2026-03-01T11:00:00Z"), net: "70" },
      { start: Date.parse("2026-03-01T20:00:00Z"), net: "8000" },
    ]);
    expect(snapshot.forecast?.issuedAt).toBe(harnessNow);
    expect(snapshot.forecast?.values).toHaveLength(96);
    expect(snapshot.forecast?.values[0]).toHaveLength(forecastQuantiles.length);
    const other = await get<LiveSnapshot>(`/v1/stores/${empty.storeId}/live`);
    expect(other).toMatchObject({ forecast: null, windows: [], cursor: { epoch: 1, windows: 0 } });
    expect(other.forecastReason).toMatch(/no sales yet/);
  });

  test("forecasts are the newest of each business date, or the newest by hours", async () => {
    const url = `/v1/stores/${store.storeId}/forecasts`;
    const today = await get<ForecastsResponse>(url);
    expect(today.forecasts.map((one) => [one.businessDate, one.values[0]?.[0]])).toEqual([
      ["2026-03-01", 100],
    ]);
    const two = await get<ForecastsResponse>(`${url}?grain=15m&from=2026-02-28&to=2026-03-02`);
    expect(two.forecasts.map((one) => one.businessDate)).toEqual(["2026-02-28", "2026-03-01"]);
    const hours = await get<ForecastsResponse>(`${url}?grain=hour`);
    expect(hours.forecasts.map((one) => [one.grain, one.businessDate])).toEqual([["hour", null]]);
    expect((await get<ForecastsResponse>(`${url}?grain=day`)).forecasts).toEqual([]);
  });
});
