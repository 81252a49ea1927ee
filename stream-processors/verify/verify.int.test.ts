import { measures, topics } from "@tillcast/schemas";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replayLedger } from "../replay/replay.ts";
import { openHarness, type ProcessorHarness } from "../testing/harness.ts";
import { line, minute, noon, order, storeId, tenantId } from "../testing/orders.ts";
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

const verify = () => verifyTables(harness.test.database.service);
const replay = (swap = false) =>
  replayLedger({ ownerUrl: harness.test.url, eventLog: harness.eventLog, swap });

/** Alters rows by hand, looks, and puts them back. */
async function altered(sql: string, look: () => Promise<void>): Promise<void> {
  await superuser.query(
    "create table kept as select * from rollup_15m; create table kept_entries as select * from ledger_entry; create table kept_items as select * from item_sales; create table kept_tenders as select * from tender_day",
  );
  await superuser.query(sql);
  try {
    await look();
  } finally {
    await superuser.query(`
      truncate rollup_15m, ledger_entry, item_sales, tender_day;
      insert into rollup_15m select * from kept; insert into ledger_entry select * from kept_entries;
      insert into item_sales select * from kept_items; insert into tender_day select * from kept_tenders;
      drop table kept, kept_entries, kept_items, kept_tenders`);
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
