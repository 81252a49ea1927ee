import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demoStores } from "./demo-stores.ts";
import { demoTenant, ensureDemoTenant, ensureSimulatedTenant } from "./demo-tenant.ts";
import { simulatedStores } from "./load.ts";

let fixture: TestDatabase;
beforeAll(async () => {
  fixture = await createTestDatabase();
});
afterAll(() => fixture.drop());

test("the demo tenant is made once, and a second start changes nothing that a person changed", async () => {
  const { service } = fixture.database;
  await ensureDemoTenant(service);
  await service.query("update store set name = 'Renamed' where store_id = $1", [
    demoStores[0]?.storeId,
  ]);
  await ensureDemoTenant(service);
  const { rows: tenants } = await service.query("select tenant_id, is_demo from tenant");
  expect(tenants).toEqual([{ tenant_id: demoTenant.tenantId, is_demo: true }]);
  const { rows: stores } = await service.query(
    `select s.name, s.time_zone, s.currency, c.closeout_minute, f.location_id, f.source
     from store s
     join store_closeout c using (store_id)
     join feed f using (store_id)
     order by f.location_id`,
  );
  expect(stores.map((row) => row.location_id)).toEqual(demoStores.map(({ key }) => key).toSorted());
  expect(stores[0]).toEqual({
    name: "Renamed",
    time_zone: "Europe/Berlin",
    currency: "EUR",
    closeout_minute: 240,
    location_id: "berlin-pizzeria",
    source: "simulator",
  });
});

test("opening hours past midnight are stored as the next morning's time", async () => {
  const { rows } = await fixture.database.service.query(
    "select opening_hours from store where store_id = $1",
    [demoStores[0]?.storeId],
  );
  expect(rows[0]?.opening_hours).toHaveLength(7);
  expect(rows[0]?.opening_hours[4]).toEqual({ day: 5, open: "11:30", close: "02:00" });
});

test("a tenant for load has its own stores beside the demo's", async () => {
  const { service } = fixture.database;
  const stores = simulatedStores(3);
  const tenantId = "0de20000-0000-4000-8000-100000000000";
  await ensureSimulatedTenant(service, {
    tenantId,
    name: "Load",
    isDemo: false,
    accountId: "load",
    stores,
  });
  const { rows } = await service.query(
    "select count(*)::int as stores from store where tenant_id = $1",
    [tenantId],
  );
  expect(rows[0]?.stores).toBe(3);
});
