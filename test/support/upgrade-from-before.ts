import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Scope } from "@tillcast/core";
import { loadOrders } from "@tillcast/simulator";
import { expect } from "vitest";
import { openLoadBalancer } from "./load-balancer.ts";
import { releaseBefore, unpackRelease } from "./older-release.ts";
import { waitUntil } from "./processes.ts";
import { pushWithoutFailure } from "./push-without-failure.ts";
import { makeRestClient } from "./rest-client.ts";
import { openRollingInstallation } from "./rolling-installation.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? Date.now() % 1_000_000);
/** More than any machine pushes meanwhile. */
const orderCount = 1_000_000;
const takenMaxMs = 60_000;
/** Both releases work side by side for a while. */
const besideMs = 5_000;

/** A test bill, which counts nowhere. */
const unheardOf = {
  orderId: "with a word that the release before does not know",
  version: { vendorVersion: 1 },
  status: "closed",
  openedAt: "2026-11-18T10:00:00Z",
  closedAt: "2026-11-18T10:00:00Z",
  currency: "EUR",
  testMode: true,
  lines: [{ key: "1", name: "Soup", gross: "100" }],
};

/**
 * Upgrades from the release before, while orders come: every push is answered, every order is counted once,
 * the turn of the shapes is refused while the older release works and done once it is gone.
 */
export async function expectUpgradeFromBefore(
  scope: Scope,
  /** Where the event log lies; in the database when absent. */
  logEnvironment: Readonly<Record<string, string>> = {},
): Promise<void> {
  console.log(`rolling upgrade: seed ${seed}`);
  const folder = await unpackRelease(scope, releaseBefore);
  const rolling = await openRollingInstallation(scope, {
    migrations: join(folder, "schemas/migrations"),
    logEnvironment,
  });
  const { stores, accountId } = rolling;
  const older = await rolling.start("start", { folder });
  const balancer = await openLoadBalancer(scope);
  await balancer.setBackends([older.url]);
  const span = { fromMs: Date.parse("2026-11-18T00:00:00Z"), spanMs: 48 * 3_600_000 };
  const shares = { editShare: 0.2, duplicateShare: 0.05, lateShare: 0.05 };
  const orders = loadOrders({ seed, orders: orderCount, stores, accountId, ...span, ...shares });
  const load = pushWithoutFailure(makeRestClient(balancer.url, rolling.key), orders, {
    ...{ senders: 3, batchMaxCount: 20, pauseMs: 25 },
  });
  const moreTaken = async () => {
    const before = load.acknowledged();
    await waitUntil("orders are taken", () => load.acknowledged() > before + 10, takenMaxMs);
  };
  await moreTaken();

  const intakes = [];
  for (const name of ["process", "process", "ingest"]) {
    const started = await rolling.start(name);
    if (name === "ingest") intakes.push(started.url);
    console.log(`${name} joined; ${load.acknowledged()} batches acknowledged`);
  }
  await balancer.setBackends([older.url, ...intakes]);
  await pause(besideMs);
  await moreTaken();
  // The older release reads what the newer has written meanwhile, heads and records.
  const [store] = stores;
  const reader = makeRestClient(older.url, rolling.key);
  let bills = 0;
  for (const { storeId } of stores) {
    for (const date of ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]) {
      const path = `/v1/stores/${storeId}/entries?businessDate=${date}`;
      const answer = await reader.get<{ entries: unknown[] }>(path);
      expect(answer).toMatchObject({ status: 200 });
      bills += answer.body.entries.length;
    }
  }
  expect(bills).toBeGreaterThan(0);
  // What only the newer could read is refused by name, and the turn while the older is at work.
  const newer = makeRestClient(intakes[0] ?? "", rolling.key);
  const push = async (order: object) => (await newer.push([order])).body.orders[0];
  const newWord = { ...unheardOf, source: "shopify", storeId: store?.storeId };
  expect(await push(newWord)).toMatchObject({ result: "rejected", field: "source" });
  expect(await rolling.run(["log", "shape"])).toMatchObject({ exitCode: 0, written: "before" });
  expect(await rolling.run(["log", "shape", "--turn"])).toMatchObject({
    exitCode: 1,
    error: { code: "conflict", message: expect.stringContaining("tillcast server") },
  });
  // The older release knows no drain: it is sent nothing more before it is stopped.
  await balancer.setBackends(intakes);
  await moreTaken();
  expect(await older.stop(), older.output()).toBe(0);
  console.log(`the older release stopped; ${load.acknowledged()} batches acknowledged`);
  await rolling.start("gateway");
  await moreTaken();
  const turned = await rolling.run(["log", "shape", "--turn"]);
  expect(turned).toMatchObject({ exitCode: 0, written: "present", hasChanged: true });
  await expect.poll(async () => (await push(newWord))?.result).toBe("accepted");
  await moreTaken();
  await expect(rolling.start("process", { folder })).rejects.toThrow("not part of this version");

  const pushed = await load.end();
  expect(load.failures()).toEqual([]);
  console.log(`FIGURE rolling upgrade: ${load.acknowledged()} pushes, none failed`);
  await rolling.expectCounted(pushed);
}
