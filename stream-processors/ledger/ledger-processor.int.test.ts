import type { EventLog } from "@tillcast/event-log";
import { type SalesUpdated, salesUpdatedCodec, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openHarness, type ProcessorHarness } from "../testing/harness.ts";
import { line, noon, order, storeId } from "../testing/orders.ts";
import { startLedgerProcessor } from "./ledger-processor.ts";

let harness: ProcessorHarness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const one = async (sql: string, values: unknown[] = []) =>
  (await harness.test.database.service.query(sql, values)).rows[0];

describe("the ledger processor", () => {
  it("counts an order in every tier once, however often and in whatever order it arrives", async () => {
    const first = order();
    const edited = order({
      vendorVersion: 2,
      lines: [line({ net: 1_500n, gross: 1_500n, tax: 150n })],
    });
    await harness.append([edited, first, edited]);
    await harness.append([first, edited], topics.ordersBackfill.topic);
    await harness.settleAll();
    for (const tier of ["rollup_15m", "rollup_hour", "rollup_day"]) {
      expect(
        await one(`select sum(net)::int as net, sum(orders)::int as orders from ${tier}`),
      ).toEqual({ net: 1_500, orders: 1 });
    }
    expect(await one("select sum(net)::int as net from ledger_entry")).toEqual({ net: 1_500 });
    expect(
      await one("select sum(quantity)::int as quantity, sum(net)::int as net from item_sales"),
    ).toEqual({ quantity: 1_000_000, net: 1_500 });
    expect(await one("select count(*)::int as heads from order_head")).toEqual({ heads: 1 });
  });

  it("counts one order once when two partitions carry it at the same time", async () => {
    const copies = Array.from({ length: 8 }, (_, index) =>
      order({ orderId: "shared", locationId: `till-${index}`, lines: [line({ net: 77n })] }),
    );
    await harness.append(copies);
    await harness.settleAll();
    expect(
      await one("select count(*)::int as heads from order_head where order_id = 'shared'"),
    ).toEqual({ heads: 1 });
    expect(
      await one("select sum(net)::int as net from rollup_day where business_date = '2026-11-21'"),
    ).toEqual({ net: 1_577 });
  });

  it("publishes the touched windows whole, with a gapless sequence per store", async () => {
    const updates: SalesUpdated[] = [];
    const tail = await harness.eventLog.tail({
      topic: topics.sales.topic,
      onRecords: (records) =>
        updates.push(...records.map((record) => salesUpdatedCodec.decode(record.value))),
    });
    const openBill = order({
      orderId: "table-7",
      status: "open",
      paidAt: null,
      closedAt: null,
      openedAt: Date.now(),
    });
    await harness.append([openBill]);
    await harness.settleAll();
    const paid = order({
      orderId: "table-7",
      vendorVersion: 2,
      openedAt: Date.now(),
      paidAt: Date.now(),
      businessDate: "2026-11-22",
    });
    await harness.append([paid]);
    await harness.settleAll();
    await expect.poll(() => updates.filter((update) => update.seq > update.prevSeq).length).toBe(2);
    await tail.close();
    const [opened, counted] = updates.filter((update) => update.seq > update.prevSeq);
    expect(opened).toMatchObject({
      storeId,
      windows: [],
      open: [{ currency: "EUR", amount: 1_000n, orders: 1 }],
    });
    expect(counted?.prevSeq).toBe(opened?.seq);
    expect(counted?.windows).toHaveLength(1);
    expect(counted?.open).toEqual([{ currency: "EUR", amount: 0n, orders: 0 }]);
  });

  it("sets a record that is no order aside, with its reason, and goes on behind it", async () => {
    await harness.eventLog.append(topics.orders.topic, [
      { key: "k", value: Buffer.from("no order") },
    ]);
    await harness.append([
      order({ orderId: "behind", locationId: "k", lines: [line({ net: 5n })] }),
    ]);
    await harness.settleAll();
    expect(await one("select reason from dead_letter")).toMatchObject({
      reason: expect.stringContaining("cannot be decoded"),
    });
    expect(
      await one("select count(*)::int as heads from order_head where order_id = 'behind'"),
    ).toEqual({ heads: 1 });
  });

  it("sets an order aside whose sums nothing holds, and goes on behind it", async () => {
    const sand = (key: string) => line({ key, net: 1n, quantityMicro: 4_000_000_000_000_000n });
    await harness.append([
      order({ orderId: "sand", locationId: "s", lines: [sand("l1"), sand("l2")] }),
      order({ orderId: "behind sand", locationId: "s", lines: [line({ net: 5n })] }),
    ]);
    await harness.settleAll();
    expect(
      await one("select reason from dead_letter where key like '%/s' order by at desc limit 1"),
    ).toMatchObject({ reason: expect.stringContaining("sand") });
    expect(
      await one("select count(*)::int as heads from order_head where order_id = 'behind sand'"),
    ).toEqual({ heads: 1 });
  });

  it("holds sums beyond 2^31 to the cent", async () => {
    const large = order({
      orderId: "large",
      currency: "JPY",
      lines: [line({ net: 8_000_000_000_001n })],
    });
    await harness.append([large]);
    await harness.settleAll();
    expect(
      await one("select sum(net)::text as net from rollup_day where currency = 'JPY'"),
    ).toEqual({ net: "8000000000001" });
  });

  it("stops though what it settled cannot be published, and the next one says where the stores stand", async () => {
    const { deps, eventLog } = harness;
    const silent: EventLog = {
      ...eventLog,
      append: async (topic, records) => {
        if (topic === topics.sales.topic) throw new Error("not now");
        return eventLog.append(topic, records);
      },
    };
    const processor = await startLedgerProcessor({ ...deps, eventLog: silent });
    await harness.append([order({ orderId: "unheard", lines: [line({ net: 7n })] })]);
    await expect
      .poll(() => one("select count(*)::int as heads from order_head where order_id = 'unheard'"))
      .toEqual({ heads: 1 });
    await processor.stop();

    const { seq } = await one("select seq::int from store_sequence where store_id = $1", [storeId]);
    const heard: number[] = [];
    const tail = await eventLog.tail({
      topic: topics.sales.topic,
      onRecords: (records) =>
        heard.push(...records.map(({ value }) => salesUpdatedCodec.decode(value).seq)),
    });
    const settings = { ...deps.settings, LEDGER_ANNOUNCE_INTERVAL_MS: 100 };
    const next = await startLedgerProcessor({ ...deps, settings });
    await expect.poll(() => heard).toContain(seq);
    await next.stop();
    await tail.close();
  });

  it("keeps the instant an order counted when a later version changes only its tip", async () => {
    const tip = [
      {
        key: "p",
        method: "card",
        amount: 1_100n,
        tip: 200n,
        status: "done" as const,
        at: noon,
        businessDate: "2026-11-21",
      },
    ];
    await harness.append([
      order({ orderId: "tipped" }),
      order({ orderId: "tipped", vendorVersion: 2, payments: tip }),
    ]);
    await harness.settleAll();
    const head = await one(
      "select posted_from, posted_to from order_head where order_id = 'tipped'",
    );
    expect([head.posted_from.getTime(), head.posted_to.getTime()]).toEqual([noon, noon]);
    expect(
      await one(
        "select amount::int, tip::int, payments::int from tender_day where method = 'card'",
      ),
    ).toEqual({ amount: 1_100, tip: 200, payments: 1 });
  });
});
