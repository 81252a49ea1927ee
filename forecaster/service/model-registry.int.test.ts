import { randomUUID } from "node:crypto";
import type { Database } from "@tillcast/core/database";
import { createTestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findChampion, listForecastModels, saveJudgedModel } from "./model-registry.ts";

const tenantId = randomUUID();
let database: Database;
let drop: () => Promise<void>;

beforeAll(async () => {
  ({ database, drop } = await createTestDatabase());
  await database.service.query("insert into tenant (tenant_id, name) values ($1, 'Demo')", [
    tenantId,
  ]);
});
afterAll(() => drop());

const score = { wql: 0.3, wape: 0.4, coverage80: 0.8, coverage90: 0.9 };
let minute = 0;

/** Keeps a network that was trained a minute after the one before. */
function keep(serves: "challenger" | "champion" | "baseline"): Promise<string> {
  minute++;
  const trainedAt = Date.UTC(2026, 0, 1, 0, minute);
  const metrics = {
    historyDays: 100,
    stores: 1,
    rows: 1000,
    loss: 0.1,
    cpuSeconds: 1,
    heldOutDays: 14,
    scores: { challenger: score, baseline: score, champion: null },
    verdict: serves,
  };
  const artifact = Buffer.from([minute]);
  return saveJudgedModel(
    database.service,
    { tenantId, trainedAt, cutoff: trainedAt, artifact, metrics },
    serves,
  );
}

const states = async () =>
  (await listForecastModels(database.service, tenantId)).map((model) => model.state);

test("a network that won serves, one that lost is kept beside it, with the figures of both", async () => {
  const first = await keep("challenger");
  await keep("champion");
  expect(await states()).toEqual(["challenger", "champion"]);
  await keep("champion");
  expect(await states()).toEqual(["challenger", "retired", "champion"]);
  expect(await findChampion(database.service, tenantId)).toMatchObject({ modelId: first });
  const [newest] = await listForecastModels(database.service, tenantId);
  expect(newest?.metrics).toMatchObject({ verdict: "champion", scores: { baseline: score } });
});

test("a network that won retires the champion and the challenger before it", async () => {
  const winner = await keep("challenger");
  expect(await states()).toEqual(["champion", "retired", "retired", "retired"]);
  expect(await findChampion(database.service, tenantId)).toMatchObject({ modelId: winner });
});

test("where the baseline won, no network serves", async () => {
  await keep("baseline");
  expect((await states()).slice(0, 2)).toEqual(["challenger", "retired"]);
  expect(await findChampion(database.service, tenantId)).toBeUndefined();
});

test("retired networks are forgotten after a month of days", async () => {
  for (let day = 0; day < 34; day++) await keep("challenger");
  const kept = await states();
  expect(kept.filter((state) => state === "retired")).toHaveLength(30);
  expect(kept[0]).toBe("champion");
});
