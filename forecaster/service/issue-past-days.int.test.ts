import { randomUUID } from "node:crypto";
import { makeManualClock, makeMetrics, readSettings, silentLogger } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { type EventLog, openPostgresLog } from "@tillcast/event-log";
import { addDays, businessDayBounds, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { forecasterSettings } from "../config.ts";
import { seedSales, seedShop } from "../testing/seed-shop.ts";
import { makePastDays, type PastDaysStep } from "./issue-past-days.ts";
import { loadForecastStores } from "./stores.ts";

const closeouts = [{ effectiveFrom: "2020-01-01", closeoutMinute: 240 }];
const shop = { tenantId: randomUUID(), storeId: randomUUID(), zone: "Europe/Berlin", closeouts };
/** A year after the last sale, as with a file from long ago. */
const clock = makeManualClock(Date.parse("2026-05-20T12:00:00Z"));
const firstDay = "2025-03-01";
const lastDay = addDays(firstDay, 79);

let test: TestDatabase;
let eventLog: EventLog;
let step: PastDaysStep;

beforeAll(async () => {
  test = await createTestDatabase();
  const deps = { log: silentLogger, metrics: makeMetrics() };
  eventLog = await openPostgresLog({ ...deps, pool: test.database.service, url: test.url });
  await eventLog.ensureTopics([topics.forecasts]);
  await seedShop(test.database, shop);
  await seedSales(test.database, shop, { fromDate: firstDay, days: 80, untilMs: clock.now() });
  const settings = readSettings(forecasterSettings, {});
  step = makePastDays({ ...deps, pool: test.database.service, eventLog, clock, settings });
});

afterAll(async () => {
  await eventLog.close();
  await test.drop();
});

async function look() {
  const stores = await loadForecastStores(test.database.service);
  await step(stores, new AbortController().signal);
  const { rows } = await test.database.service.query(
    `select business_date::text as date, issued_at, cutoff, grain, model_name, "values"
     from forecast_vintage order by business_date`,
  );
  return rows;
}

describe("the last days of an imported history", () => {
  it("wait until they no longer change, and are then forecast from what was sold before them", async () => {
    expect(await look()).toEqual([]);
    const vintages = await look();
    expect(vintages.map((vintage) => vintage.date)).toEqual(
      Array.from({ length: 7 }, (_, index) => addDays(lastDay, index - 6)),
    );
    for (const { date, issued_at, cutoff, values, ...vintage } of vintages) {
      const { startMs } = businessDayBounds(date, shop.zone, closeouts);
      expect([issued_at.getTime(), cutoff.getTime()]).toEqual([startMs, startMs]);
      expect(vintage).toEqual({ grain: "15m", model_name: "backcast" });
      expect(values.every((value: number) => Number.isFinite(value) && value >= 0)).toBe(true);
      expect(Math.max(...values)).toBeGreaterThan(0);
    }
  });

  it("are forecast once", async () => {
    expect(await look()).toHaveLength(7);
  });
});
