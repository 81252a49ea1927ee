import { randomUUID } from "node:crypto";
import { publishChanges } from "@tillcast/core/work";
import { feedChangedCodec, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openHarness, type ProcessorHarness } from "../testing/harness.ts";
import { startFeedWatcher } from "./feed-watcher.ts";

let harness: ProcessorHarness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const insertFeed = `
  with shop as (
    insert into store (store_id, tenant_id, name, time_zone, currency)
    values ($1, $2, 'Mitte', 'Europe/Berlin', 'EUR') returning store_id, tenant_id
  )
  insert into feed (tenant_id, source, account_id, location_id, store_id, expects_heartbeat)
  select tenant_id, 'push', 'default', 'm', store_id, true from shop`;
const proveLife = "update feed set last_proof_at = now() where store_id = $1";

async function readTold() {
  const bounds = await harness.eventLog.bounds(topics.feeds.topic);
  const read = bounds.map(({ partition, start }) =>
    harness.eventLog.read({
      ...{ topic: topics.feeds.topic, partition, from: start },
      ...{ maxCount: 1_000, maxBytes: 1_000_000 },
    }),
  );
  return (await Promise.all(read)).flat().map((record) => feedChangedCodec.decode(record.value));
}

test("two watchers tell each change of a feed once", async () => {
  const { service } = harness.test.database;
  const [tenantId, storeId] = [randomUUID(), randomUUID()];
  await service.query("insert into tenant (tenant_id, name) values ($1, 'Aurora')", [tenantId]);
  await service.query(insertFeed, [storeId, tenantId]);
  const settings = { ...harness.deps.settings, FEED_CHECK_INTERVAL_MS: 5 };
  const watchers = [1, 2].map(() => startFeedWatcher({ ...harness.deps, settings }));
  const told = async () => (await readTold()).filter((one) => one.storeId === storeId);
  await service.query(proveLife, [storeId]);
  await expect.poll(told).toMatchObject([{ state: "live", version: 1 }]);
  // The one that watches leaves; the other takes over, and has nothing to say again.
  await watchers[0]?.stop();
  await service.query("update feed set last_proof_at = now() - interval '1 day'");
  await expect
    .poll(async () => (await told()).map(({ version }) => version).sort())
    .toEqual([1, 2]);
  await watchers[1]?.stop();
  expect(await told()).toHaveLength(2);
});

test("a feed's change whose append fails is told later, as it was", async () => {
  const { service } = harness.test.database;
  const [tenantId, storeId] = [randomUUID(), randomUUID()];
  await service.query("insert into tenant (tenant_id, name) values ($1, 'Borealis')", [tenantId]);
  await service.query(insertFeed, [storeId, tenantId]);
  await service.query(proveLife, [storeId]);
  const settings = { ...harness.deps.settings, FEED_CHECK_INTERVAL_MS: 5 };
  const tried = vi.fn(() => Promise.reject(new Error("the log is away")));
  const eventLog = { ...harness.deps.eventLog, append: tried };
  const watcher = startFeedWatcher({ ...harness.deps, settings, eventLog });
  await vi.waitFor(() => expect(tried).toHaveBeenCalled());
  await watcher.stop();
  const publisher = publishChanges({ ...harness.deps, pool: service, olderThanMs: 0 });
  const told = async () => (await readTold()).filter((one) => one.storeId === storeId);
  await expect.poll(told).toMatchObject([{ state: "live", version: 1 }]);
  await publisher.stop();
});
