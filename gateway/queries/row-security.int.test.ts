import { asTenant } from "@tillcast/core/database";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addTenant, addUser } from "../testing/people.ts";
import { addStore, postSale } from "../testing/sales.ts";

describe("row security behind the gateway's statements", () => {
  let db: TestDatabase;
  let mine: string;
  let tables: string[];
  /** Tables that name a tenant and that no tenant's session may read. */
  let hidden: string[];

  beforeAll(async () => {
    db = await createTestDatabase();
    const { service } = db.database;
    mine = await addTenant(service);
    for (const tenantId of [mine, await addTenant(service)]) {
      const store = await addStore(service, { tenantId });
      await addUser(service, { tenantId, role: "viewer", storeIds: [store.storeId] });
      await postSale(service, store, { at: "2026-03-01T11:00:00Z", net: 1n });
    }
    const { rows } = await service.query<{ name: string; isShown: boolean }>(
      `select c.table_name as name,
         has_column_privilege('tillcast_tenant', 'tillcast.' || c.table_name, 'tenant_id', 'select') as "isShown"
       from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
       where c.table_schema = 'tillcast' and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE'
       order by 1`,
    );
    tables = rows.filter(({ isShown }) => isShown).map(({ name }) => name);
    hidden = rows.filter(({ isShown }) => !isShown).map(({ name }) => name);
  });
  afterAll(() => db.drop());

  test("a statement that forgot its where clause sees one tenant", async () => {
    expect(tables.length).toBeGreaterThan(15);
    const seen = new Map<string, number>();
    for (const table of tables) {
      const rows = await asTenant(db.database.read, mine, async (tx) => {
        const result = await tx.query<{ tenant_id: string }>(`select tenant_id from ${table}`);
        return result.rows;
      });
      expect(new Set(rows.map((row) => row.tenant_id)).size, table).toBeLessThanOrEqual(1);
      expect(
        rows.every((row) => row.tenant_id === mine),
        table,
      ).toBe(true);
      seen.set(table, rows.length);
    }
    for (const table of [
      "store",
      "ledger_entry",
      "rollup_15m",
      "rollup_hour",
      "rollup_day",
      "order_head",
    ]) {
      expect(seen.get(table), table).toBe(1);
    }
  });

  test("without a tenant nothing is seen at all, also after one was named on the connection", async () => {
    for (const table of tables) {
      await asTenant(db.database.read, mine, (tx) => tx.query(`select tenant_id from ${table}`));
      const { rows } = await db.database.read.query(`select tenant_id from ${table}`);
      expect(rows, table).toEqual([]);
    }
  });

  test("what no tenant may read is refused", async () => {
    expect(hidden).toContain("dead_letter");
    for (const table of hidden) {
      const read = asTenant(db.database.read, mine, (tx) => tx.query(`select 1 from ${table}`));
      await expect(read, table).rejects.toThrow(/permission denied/);
    }
  });

  test("a tenant's connection changes nothing in the ledger", async () => {
    for (const statement of [
      "delete from ledger_entry",
      "update rollup_15m set net = 0",
      "update order_head set store_id = store_id",
    ]) {
      await expect(asTenant(db.database.tenant, mine, (tx) => tx.query(statement))).rejects.toThrow(
        /permission denied/,
      );
    }
  });
});
