import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { makeManualClock, makeMetrics, readSettings, silentLogger } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import { createTestDatabase } from "@tillcast/core/testing";
import { listJobs } from "@tillcast/core/work";
import { type EventLog, openPostgresLog } from "@tillcast/event-log";
import {
  addDays,
  businessDayBounds,
  forecastIssuedCodec,
  forecastQuantiles,
  topics,
} from "@tillcast/schemas";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { forecasterSettings } from "./config.ts";
import { heldOutDays } from "./judge-models.ts";
import { type Forecaster, startForecaster } from "./main.ts";
import { type ForecasterDeps, issueForecast } from "./service/issue-forecast.ts";
import { requestPrediction, requestTraining } from "./service/job-requests.ts";
import { listForecastModels } from "./service/model-registry.ts";
import { loadServingModel } from "./service/serving-model.ts";
import { loadForecastStores } from "./service/stores.ts";
import { stepMean } from "./steps/step-values.ts";
import { quarterNetOf, seedSales, seedShop } from "./testing/seed-shop.ts";

const zone = "Europe/Berlin";
const closeouts = [{ effectiveFrom: "2020-01-01", closeoutMinute: 240 }];
const today = "2026-05-20";
const { startMs: dayStart, endMs: dayEnd } = businessDayBounds(today, zone, closeouts);
const hourMs = 3_600_000;
const clock = makeManualClock(dayStart + 9 * hourMs + 5 * 60_000);
const historyDays = 126;
const [tenantId, storeId, emptyStoreId] = [randomUUID(), randomUUID(), randomUUID()];
const shop = { tenantId, storeId, zone, closeouts };
const historyJobId = randomUUID();
const settings = readSettings(forecasterSettings, { FORECAST_TICK_MS: "200" });

let database: Database;
let eventLog: EventLog;
let forecaster: Forecaster;
let deps: ForecasterDeps;
let close: () => Promise<void>;

beforeAll(async () => {
  const made = await createTestDatabase();
  database = made.database;
  const log = silentLogger;
  eventLog = await openPostgresLog({
    pool: database.service,
    url: made.url,
    log,
    metrics: makeMetrics(),
  });
  for (const id of [storeId, emptyStoreId]) await seedShop(database, { ...shop, storeId: id });
  await sell(addDays(today, -historyDays), historyDays + 1);
  await setHistoryJob("running");
  const shared = { eventLog, clock, log, metrics: makeMetrics(), settings };
  forecaster = await startForecaster({ ...shared, database });
  deps = { ...shared, pool: database.service };
  close = async () => {
    await forecaster.stop();
    await eventLog.close();
    await made.drop();
  };
});
afterAll(() => close());

/** Sells on the given days; today has only what was sold until now. */
const sell = (fromDate: string, days: number): Promise<void> =>
  seedSales(database, shop, { fromDate, days, untilMs: clock.now() });

/** A job that is filling in the past, as the demo's year does. */
async function setHistoryJob(state: "running" | "done"): Promise<void> {
  await database.service.query(
    `insert into job (job_id, tenant_id, kind, state, heartbeat_at)
      values ($1, $2, 'simulate-history', $3, now())
      on conflict (job_id) do update set state = excluded.state`,
    [historyJobId, tenantId, state],
  );
}

interface Vintage {
  grain: string;
  model_name: string;
  starts: Date[];
  quantiles: number[];
  values: number[];
  landing: number[] | null;
  version: string;
  issued_at: Date;
  cutoff: Date;
}

async function vintages(grain: string, store = storeId): Promise<Vintage[]> {
  const { rows } = await database.service.query<Vintage>(
    "select * from forecast_vintage where store_id = $1 and grain = $2 order by version",
    [store, grain],
  );
  return rows;
}

const rowsOf = (vintage: Vintage): number[][] =>
  vintage.starts.map((_, step) =>
    vintage.values.slice(step * forecastQuantiles.length, (step + 1) * forecastQuantiles.length),
  );
const total = (vintage: Vintage) => rowsOf(vintage).reduce((sum, row) => sum + stepMean(row), 0);

const jobsOf = (kind: string) => listJobs(database.service, { tenantId, kind });

test("a store with history gets a baseline at once, and no network while the past is filled in", async () => {
  await vi.waitFor(async () => expect((await vintages("15m"))[0]).toBeDefined(), 20_000);
  const [first] = await vintages("15m");
  expect(first?.model_name).toBe("baseline");
  const ticks = 10;
  await pause(ticks * settings.FORECAST_TICK_MS);
  expect(await jobsOf("train-forecast")).toHaveLength(0);
  expect(await jobsOf("predict-forecast")).toHaveLength(1);
});

test("once the past is in, a network is trained and serves, since it beats the baseline", async () => {
  await setHistoryJob("done");
  await vi.waitFor(
    async () => expect((await vintages("15m")).at(-1)?.model_name).toBe("network"),
    50_000,
  );
  const [job] = await jobsOf("train-forecast");
  expect(job?.message).toContain("the new network serves");
  const [model, ...others] = await listForecastModels(database.service, tenantId);
  expect(others).toHaveLength(0);
  expect(model).toMatchObject({ state: "champion", metrics: { stores: 1, historyDays } });
  expect(model?.cutoff).toBe(
    businessDayBounds(addDays(today, -heldOutDays), zone, closeouts).startMs,
  );
  const { challenger, baseline, champion } = model?.metrics.scores ?? {};
  expect(challenger?.wql).toBeLessThan(baseline?.wql ?? 0);
  expect(champion).toBeNull();
});

test("today is covered in quarters, the coming week in hours and days, and the sums agree", async () => {
  const [quarters, hours, days] = await Promise.all(
    ["15m", "hour", "day"].map(async (grain) => (await vintages(grain)).at(-1) as Vintage),
  );
  expect(quarters?.starts).toHaveLength((dayEnd - dayStart) / 900_000);
  expect(quarters?.starts[0]?.getTime()).toBe(dayStart);
  expect(days?.starts).toHaveLength(8);
  expect(hours?.starts).toHaveLength(8 * 24);
  // 40 quarters with a service charge of a tenth, which counts as sales.
  const usual = 40 * 1.1 * quarterNetOf(today, historyDays);
  expect(total(quarters as Vintage) / usual).toBeGreaterThan(0.7);
  expect(total(quarters as Vintage) / usual).toBeLessThan(1.3);
  expect(total(hours as Vintage) / total(days as Vintage)).toBeCloseTo(1, 6);
  expect(quarters?.quantiles).toEqual([...forecastQuantiles]);
  expect(quarters?.landing).toHaveLength(forecastQuantiles.length);
});

test("when an hour has closed, the landing is renewed and nothing else", async () => {
  const before = (await vintages("15m")).at(-1) as Vintage;
  const hoursBefore = (await vintages("hour")).length;
  clock.advance(hourMs);
  await vi.waitFor(async () => {
    const after = (await vintages("15m")).at(-1) as Vintage;
    expect(after.issued_at.getTime()).toBe(clock.now());
    expect(after.values).toEqual(before.values);
    expect(after.cutoff.getTime()).toBeGreaterThan(before.cutoff.getTime());
    // Nothing was sold in the hour that passed, and the landing says so.
    expect(stepMean(after.landing ?? [])).toBeLessThan(stepMean(before.landing ?? []));
  }, 10_000);
  expect(await vintages("hour")).toHaveLength(hoursBefore);
});

test("every vintage is announced with a version of its own", async () => {
  const announced: number[] = [];
  for (const { partition, start } of await eventLog.bounds(topics.forecasts.topic)) {
    const records = await eventLog.read({
      topic: topics.forecasts.topic,
      partition,
      from: start,
      maxCount: 100,
      maxBytes: 10_000_000,
    });
    for (const record of records) {
      const issued = forecastIssuedCodec.decode(record.value);
      expect(issued.storeId).toBe(storeId);
      expect(issued.values).toHaveLength(issued.starts.length * issued.quantiles.length);
      announced.push(issued.version);
    }
  }
  expect(announced.length).toBeGreaterThanOrEqual(7);
  expect(new Set(announced).size).toBe(announced.length);
});

test("a store without history gets no forecast, and its job says why", async () => {
  const job = await requestPrediction({ pool: database.service }, tenantId, [emptyStoreId]);
  await vi.waitFor(async () => {
    const done = (await listJobs(database.service, { tenantId })).find(
      (one) => one.jobId === job.jobId,
    );
    expect(done?.state).toBe("done");
    expect(done?.message).toContain("no history");
  }, 10_000);
  expect(await vintages("15m", emptyStoreId)).toHaveLength(0);
});

test("a network trained again on the same history ties with the champion and follows it", async () => {
  const twin = await requestTraining(deps, tenantId);
  await jobDone(twin.jobId);
  const [first, ...before] = await listForecastModels(database.service, tenantId);
  expect(first?.metrics.scores?.champion).toEqual(first?.metrics.scores?.challenger);
  expect([first?.state, ...before.map((model) => model.state)]).toEqual(["champion", "retired"]);
});

async function jobDone(jobId: string): Promise<void> {
  await vi.waitFor(async () => {
    const job = (await listJobs(database.service, { tenantId })).find((one) => one.jobId === jobId);
    expect(job?.state).toBe("done");
  }, 50_000);
}

test("a network whose forecast is no number is retired, and the baseline issued in its place", async () => {
  const [store] = await loadForecastStores(database.service, tenantId).then((stores) =>
    stores.filter((one) => one.storeId === storeId),
  );
  const serving = await loadServingModel(deps, tenantId);
  expect(serving.modelId).not.toBeNull();
  if (store === undefined) throw new Error("no store");
  const astray = {
    name: "network",
    fit: async (series: Parameters<typeof serving.model.fit>[0]) => {
      const fitted = await serving.model.fit(series);
      return {
        predict: (horizonDays: number) =>
          fitted
            .predict(horizonDays)
            .map((one) => ({ ...one, quantiles: one.quantiles.map(() => Number.NaN) })),
      };
    },
  };
  const result = await issueForecast(deps, store, { ...serving, model: astray }, "all");
  expect(result).toMatchObject({ issued: true, serving: { modelId: null } });
  for (const grain of ["15m", "hour", "day"]) {
    const newest = (await vintages(grain)).at(-1);
    expect(newest?.model_name).toBe("baseline");
    expect(newest?.values.every(Number.isFinite)).toBe(true);
  }
  expect((await loadServingModel(deps, tenantId)).modelId).toBeNull();
});

test("a champion with numbers that are not finite is retired when it is loaded", async () => {
  const [newest] = await listForecastModels(database.service, tenantId);
  await database.service.query(
    `update forecast_model set state = 'champion',
        artifact = substring(artifact for length(artifact) - 4) || '\\x0000c07f'::bytea
      where model_id = $1`,
    [newest?.modelId],
  );
  expect((await loadServingModel(deps, tenantId)).modelId).toBeNull();
  const [after] = await listForecastModels(database.service, tenantId);
  expect(after).toMatchObject({ modelId: newest?.modelId, state: "retired" });
});
