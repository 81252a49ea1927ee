import { measures, topics } from "@tillcast/schemas";
import {
  line,
  minute,
  noon,
  openHarness,
  order,
  type ProcessorHarness,
  storeId,
  tenantId,
} from "@tillcast/stream-processors/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unreplayedColumns } from "../replay/compare-tables.ts";
import { replayLedger } from "../replay/replay.ts";
import { verifyTables } from "./verify.ts";

let harness: ProcessorHarness;
let superuser: pg.Client;

beforeAll(async () => {
  harness = await openHarness();
  superuser = new pg.Client({
    connectionString: harness.test.superuserUrl,
    options: "-c search_path=tillcast",
  });
  await superuser.connect();
  await superuser.query("insert into tenant (tenant_id, name) values ($1, 'Test')", [tenantId]);
  await superuser.query(
    "insert into store (store_id, tenant_id, name, time_zone, currency) values ($1, $2, 'Berlin', 'Europe/Berlin', 'EUR')",
    [storeId, tenantId],
  );
  const day = 24 * 60 * minute;
  const orders = Array.from({ length: 60 }, (_, index) => {
    const at = noon + index * 37 * minute;
    const businessDate = new Date(at).toISOString().slice(0, 10);
    return order({
      orderId: `order-${index}`,
      locationId: `till-${index % 5}`,
      paidAt: index % 7 === 0 ? null : at,
      status: index % 7 === 0 ? "open" : index % 11 === 0 ? "voided" : "closed",
      voidedAt: index % 11 === 0 ? at + day : null,
      businessDate,
      lines: [line({ net: BigInt(index * 13 + 1), itemId: `item-${index % 4}` })],
      payments: [
        {
          key: "p",
          method: index % 2 === 0 ? "card" : "cash",
          amount: 10n,
          tip: 1n,
          status: "done",
          at,
          businessDate,
        },
      ],
    });
  });
  await harness.append(orders.slice(0, 40));
  await harness.append(orders.slice(20), topics.ordersBackfill.topic);
  await harness.append(
    orders.map((first, index) => ({
      ...first,
      version: { ...first.version, vendorVersion: 2, hash: `edit ${index}` },
      lines: [line({ net: 500n })],
    })),
  );
  await harness.settleAll();
});

afterAll(async () => {
  await superuser.end();
  await harness.close();
});

/** All columns of an entry behind its ids. */
const restOfEntry = `tenant_id, store_id, counted_at, business_date, occurred_at, recorded_at, channel,
  currency, ${measures.join(", ")}`;

/** All columns of a window behind its store. */
const restOfWindow = `business_date, window_start, channel, currency, tenant_id, seq, ${measures.join(", ")}`;

const verify = () => verifyTables(harness.test.database.service);
const replay = (swap = false) =>
  replayLedger({ ownerUrl: harness.test.url, eventLog: harness.eventLog, swap });

const otherTenantId = "01990000-0000-7000-8000-00000000dead";

const alteredTables = [
  "order_head",
  "ledger_entry",
  "rollup_15m",
  "rollup_day",
  "item_sales",
  "tender_day",
];

/** Alters rows by hand, looks, and puts them back. */
async function altered(sql: string, look: () => Promise<void>): Promise<void> {
  for (const table of alteredTables)
    await superuser.query(`create table kept_${table} as select * from ${table}`);
  await superuser.query(sql);
  try {
    await look();
  } finally {
    for (const table of alteredTables) {
      await superuser.query(
        `truncate ${table}; insert into ${table} select * from kept_${table}; drop table kept_${table}`,
      );
    }
  }
}

describe("verify", () => {
  it("says equal when every row equals what it is made of", async () => {
    expect(await verify()).toMatchObject({ equal: true, orders: 60, differenceCount: 0 });
  });

  it("names the window that was altered by hand, with both values", async () => {
    await altered(
      "update rollup_15m set net = net + 1 where ctid = (select min(ctid) from rollup_15m)",
      async () => {
        const result = await verify();
        expect(result).toMatchObject({ equal: false, differenceCount: 1 });
        expect(result.differences[0]).toMatchObject({
          table: "rollup_15m",
          key: expect.stringContaining(storeId),
        });
        const { expected, found } = result.differences[0] ?? {};
        expect(BigInt(found?.net ?? 0) - BigInt(expected?.net ?? 0)).toBe(1n);
      },
    );
  });

  it("names the order whose ledger entry was deleted by hand", async () => {
    await altered(
      "delete from ledger_entry where ctid = (select min(ctid) from ledger_entry)",
      async () => {
        const tables = (await verify()).differences.map((difference) => difference.table);
        expect(tables).toContain("ledger_entry");
        expect(tables).toContain("rollup_15m");
      },
    );
  });

  it("names the entry whose order has no head", async () => {
    await altered(
      `insert into ledger_entry select '\\x00', '\\x00', ${restOfEntry} from ledger_entry limit 1`,
      async () => {
        const { differences } = await verify();
        expect(differences[0]).toMatchObject({
          table: "ledger_entry",
          key: expect.stringContaining("order without a head, key 00"),
        });
      },
    );
  });

  it("names a damaged order, however damaged, and goes on to the next", async () => {
    const damage = `
      update order_head set posted = substr(posted, 1, 5) where order_id = 'order-1';
      update order_head set snapshot = substr(snapshot, 1, 40) where order_id = 'order-2';
      update order_head set schema_fingerprint = '\\xdead' where order_id = 'order-3';
      update order_head set posted = '\\x', snapshot = '\\x' where order_id = 'order-4'`;
    await altered(damage, async () => {
      const { orders, differences } = await verify();
      expect(orders).toBe(60);
      const heads = differences.filter(({ table }) => table === "order_head");
      const faultOf = (orderId: string) =>
        heads.find(({ key }) => key.includes(`push/default/${orderId},`));
      expect(faultOf("order-1")).toMatchObject({
        key: expect.stringContaining(`store ${storeId}`),
        expected: { posted: "readable" },
        found: { posted: expect.any(String) },
      });
      expect(faultOf("order-2")?.found).toEqual({ snapshot: expect.any(String) });
      expect(faultOf("order-3")?.found.snapshot).toContain("dead");
      expect(Object.keys(faultOf("order-4")?.found ?? {})).toEqual(["snapshot", "posted"]);
      expect(heads).toHaveLength(4);
    });
  });

  it("names rows of a store that is not known", async () => {
    await altered(
      `insert into rollup_15m (store_id, ${restOfWindow}) select '${otherTenantId}', ${restOfWindow} from rollup_15m limit 1`,
      async () => {
        expect((await verify()).differences).toMatchObject([
          { table: "rollup_15m", key: `store ${otherTenantId}` },
        ]);
      },
    );
  });

  it("names an amount so great that its column cannot sum it", async () => {
    await altered("update ledger_entry set gross = 9223372036854775807", async () => {
      const { differences } = await verify();
      expect(differences.map(({ table }) => table)).toContain("ledger_entry");
    });
  });

  it.each([
    [
      "item_sales",
      "update item_sales set quantity = quantity + 1 where ctid = (select min(ctid) from item_sales)",
    ],
    [
      "tender_day",
      "update tender_day set amount = amount - 5 where ctid = (select min(ctid) from tender_day)",
    ],
  ])("names the altered row of %s", async (table, sql) => {
    await altered(sql, async () => {
      expect((await verify()).differences).toMatchObject([{ table }]);
    });
  });
});

describe("replay", () => {
  it("rebuilds equal tables from the first record of the log", async () => {
    const result = await replay();
    expect(result.tables.filter((table) => !table.equal)).toEqual([]);
    expect(result).toMatchObject({ equal: true, swapped: false });
  });

  it.each([
    ["order_head", "update order_head set is_open = not is_open where order_id = 'order-1'"],
    ["ledger_entry", `update ledger_entry set tenant_id = '${otherTenantId}' where net > 0`],
    ["rollup_day", `update rollup_day set tenant_id = '${otherTenantId}' where net <> 0`],
    ["tender_day", `update tender_day set tenant_id = '${otherTenantId}' where amount <> 0`],
  ])("names the rows of %s that a reader would see otherwise", async (table, sql) => {
    await altered(sql, async () => {
      const { tables } = await replay();
      expect(tables.filter(({ equal }) => !equal)).toMatchObject([{ table }]);
    });
  });

  it("leaves only columns uncompared that there are", async () => {
    for (const [table, columns] of Object.entries(unreplayedColumns)) {
      const { rows } = await superuser.query(
        "select column_name as name from information_schema.columns where table_schema = 'tillcast' and table_name = $1",
        [table],
      );
      const names = rows.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(Object.keys(columns)));
    }
  });

  it("names what differs after a row was altered by hand, and mends it when asked to swap", async () => {
    await superuser.query(
      "update rollup_15m set net = net + 1 where ctid = (select min(ctid) from rollup_15m)",
    );
    const unequal = await replay(true);
    expect(unequal.equal).toBe(false);
    expect(unequal.tables.filter((table) => !table.equal)).toMatchObject([
      { table: "rollup_15m", differences: [{ side: "live" }, { side: "replayed" }] },
    ]);
    expect(await verify()).toMatchObject({ equal: true });
    const { rows } = await superuser.query("select epoch from store_sequence");
    expect(rows).toEqual([{ epoch: 2 }]);
  });

  it("goes on counting after a swap", async () => {
    await harness.append([order({ orderId: "after-swap", lines: [line({ net: 9n })] })]);
    await harness.settleAll();
    expect(await verify()).toMatchObject({ equal: true, orders: 61 });
  });
});
