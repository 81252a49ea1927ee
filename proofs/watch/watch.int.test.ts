import { Writable } from "node:stream";
import {
  type ManualClock,
  makeLogger,
  makeManualClock,
  makeMetrics,
  readSettings,
} from "@tillcast/core";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import { startLedgerProcessor } from "@tillcast/stream-processors";
import {
  line,
  openHarness,
  order,
  type ProcessorHarness,
  storeId,
  tenantId,
} from "@tillcast/stream-processors/testing";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { beginTally } from "../balance/begin-tally.ts";
import { loadBalance } from "../balance/load-balance.ts";
import { proofSettings } from "../config.ts";
import { startWatch, type Watch } from "./start-watch.ts";

let harness: ProcessorHarness;
let superuser: pg.Client;
let watch: Watch;
let clock: ManualClock;
let metrics: ReturnType<typeof makeMetrics>;
let lines: { readonly alarm?: string; readonly msg: string; readonly reason?: string }[];
let orderNumber = 0;

/** Orders nobody has seen, over several partitions. */
const newOrders = (count: number) =>
  Array.from({ length: count }, () => {
    orderNumber += 1;
    return order({ orderId: `order-${orderNumber}`, locationId: `till-${orderNumber % 7}` });
  });

/** A round over all orders may begin in their midst; after the next one two looks in a row raise. */
const look = async () => {
  for (let n = 0; n < 4; n += 1) await watch.look();
};

const differences = async () =>
  (await loadBalance(harness.test.database.service, harness.eventLog)).partitions.map(
    ({ difference }) => difference,
  );

beforeAll(async () => {
  harness = await openHarness();
  const connectionString = harness.test.superuserUrl;
  superuser = new pg.Client({ connectionString, options: "-c search_path=tillcast" });
  await superuser.connect();
  await superuser.query("insert into tenant (tenant_id, name) values ($1, 'Test')", [tenantId]);
  await superuser.query(
    "insert into store (store_id, tenant_id, name, time_zone, currency) values ($1, $2, 'Berlin', 'Europe/Berlin', 'EUR')",
    [storeId, tenantId],
  );
});
afterAll(async () => {
  await superuser.end();
  await harness.close();
});

beforeEach(async () => {
  await beginTally(harness.test.database.service);
  lines = [];
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  clock = makeManualClock(Date.now());
  metrics = makeMetrics();
  const log = makeLogger({ level: "info", name: "test", destination });
  const settings = {
    ...readSettings(proofSettings, {}),
    WATCH_INTERVAL_MS: 3_600_000,
    WATCH_ORDERS_COMPARED: 5_000,
  };
  watch = startWatch({ ...harness.deps, clock, metrics, log, settings });
});
afterEach(() => watch.stop());

describe("the balance of orders", () => {
  it("is even after duplicates, edits and records that are no orders", async () => {
    const [first, ...others] = newOrders(40);
    const edited = { ...order({ vendorVersion: 2, lines: [line({ net: 7n })] }) };
    await harness.append([first ?? order(), ...others, edited]);
    await harness.append([...others, edited], topics.ordersBackfill.topic);
    await harness.eventLog.append(topics.orders.topic, [
      { key: "till", value: Buffer.from("no order") },
      { key: "till", value: Buffer.from("no order either") },
    ]);
    await harness.settleAll();
    await look();
    const { partitions } = await loadBalance(harness.test.database.service, harness.eventLog);
    const sum = (of: (one: (typeof partitions)[number]) => bigint) =>
      partitions.reduce((total, one) => total + of(one), 0n);
    expect(sum((one) => one.accepted)).toBe(83n);
    expect(sum((one) => one.settled)).toBe(81n);
    expect(sum((one) => one.deadLetters)).toBe(2n);
    expect(partitions.every(({ difference }) => difference === 0n)).toBe(true);
    expect(watch.raised()).toEqual([]);
    expect(await metrics.text()).toContain('tillcast_balance_difference{topic="pos.orders.v1"} 0');
  });

  it("is even at every moment while orders come in and are settled", async () => {
    const processor = await startLedgerProcessor(harness.deps);
    const seen: bigint[] = [];
    try {
      for (let round = 0; round < 25; round += 1) {
        const appended = harness.append(newOrders(30));
        seen.push(...(await differences()));
        await appended;
        seen.push(...(await differences()));
      }
    } finally {
      await processor.stop();
    }
    expect(seen.length).toBeGreaterThan(500);
    expect(seen.filter((difference) => difference !== 0n)).toEqual([]);
    await harness.settleAll();
  });

  it("raises when a checkpoint is moved over records that were never settled", async () => {
    const unsettled = newOrders(12);
    await harness.append(unsettled);
    await superuser.query(
      `update checkpoint c set position = p.next_offset
       from log_topic t join log_partition p using (ordinal)
       where c.topic = t.topic and c.partition = p.partition and c.group_name = $1 and c.topic = $2`,
      [LEDGER_GROUP, topics.orders.topic],
    );
    await watch.look();
    await watch.look();
    expect(watch.raised()).toEqual(["orders_do_not_balance"]);
    const shown = await metrics.text();
    expect(shown).toContain('tillcast_alarm{name="orders_do_not_balance"} 1');
    expect(shown).toContain('tillcast_balance_difference{topic="pos.orders.v1"} 12');
    expect(lines.find((one) => one.alarm === "orders_do_not_balance")).toMatchObject({
      msg: "orders do not balance",
      reason: expect.stringContaining("neither settled nor set aside"),
    });
    // Sent again they are counted; the tally begins anew once that is understood.
    await harness.append(unsettled);
    await harness.settleAll();
    await watch.look();
    expect(watch.raised()).toEqual(["orders_do_not_balance"]);
    await beginTally(harness.test.database.service);
    await watch.look();
    expect(watch.raised()).toEqual([]);
    expect(lines.at(-1)?.msg).toBe("alarm cleared: orders do not balance");
  });

  it("raises when a checkpoint is moved beyond the log's end", async () => {
    const move = (by: number) =>
      superuser.query(
        "update checkpoint set position = position + $3 where group_name = $1 and topic = $2 and partition = 5",
        [LEDGER_GROUP, topics.ordersBackfill.topic, by],
      );
    await move(3);
    await look();
    await move(-3);
    expect(watch.raised()).toEqual(["orders_do_not_balance"]);
    expect(lines.find((one) => one.alarm !== undefined)?.reason).toContain("gone from the log");
  });

  it("raises when a dead letter is thrown away", async () => {
    await harness.eventLog.append(topics.orders.topic, [{ key: "k", value: Buffer.from("x") }]);
    await harness.settleAll();
    await look();
    expect(watch.raised()).toEqual([]);
    await superuser.query("delete from dead_letter where value = $1", [Buffer.from("x")]);
    await look();
    expect(watch.raised()).toEqual(["orders_do_not_balance"]);
  });

  it("raises when a ledger entry of an order is gone, and clears when it is back", async () => {
    const [one = order()] = newOrders(1);
    await harness.append([one]);
    await harness.settleAll();
    await superuser.query(
      `create temp table gone as select e.* from ledger_entry e
       join order_head h using (order_key) where h.order_id = $1`,
      [one.orderId],
    );
    await superuser.query("delete from ledger_entry where entry_id in (select entry_id from gone)");
    await look();
    expect(watch.raised()).toEqual(["orders_do_not_balance"]);
    expect(lines.find((each) => each.alarm !== undefined)?.reason).toContain(one.orderId);
    await superuser.query("insert into ledger_entry select * from gone");
    await look();
    await watch.look();
    expect(watch.raised()).toEqual([]);
  });

  it("begins anew with another topic of the same name, and goes on where a backup puts it", async () => {
    const { rows } = await superuser.query(
      `insert into checkpoint (group_name, topic, partition, topic_id, position, tally_from, settled_records)
       values ('restored', 't', 0, gen_random_uuid(), 50, 10, 39), ('new', 't', 0, gen_random_uuid(), 50, null, 0)
       returning group_name, tally_from::int, settled_records::int`,
    );
    expect(rows).toEqual([
      { group_name: "restored", tally_from: 10, settled_records: 39 },
      { group_name: "new", tally_from: 50, settled_records: 0 },
    ]);
    const adopted = await superuser.query(
      `update checkpoint set topic_id = gen_random_uuid(), position = 3 where group_name = 'restored'
       returning tally_from::int, settled_records::int`,
    );
    expect(adopted.rows).toEqual([{ tally_from: 3, settled_records: 0 }]);
    await superuser.query("delete from checkpoint where topic = 't'");
  });
});

describe("lag", () => {
  it("of a topic that is gone hides no other's", async () => {
    await superuser.query(
      `insert into checkpoint (group_name, topic, partition, topic_id, position)
       values ('inbox', 'pos.inbox.gone.v1', 0, gen_random_uuid(), 7)`,
    );
    await watch.look();
    expect(await metrics.text()).toContain('tillcast_log_lag_records{topic="pos.orders.v1"');
    await superuser.query("delete from checkpoint where group_name = 'inbox'");
  });

  it("is shown by partition, and raises once the oldest order is late", async () => {
    await harness.append(newOrders(9));
    await watch.look();
    expect(watch.raised()).toEqual([]);
    clock.advance(90_000);
    await watch.look();
    expect(watch.raised()).toEqual(["orders_late"]);
    const shown = await metrics.text();
    expect(shown).toMatch(
      /tillcast_log_lag_records\{topic="pos.orders.v1",partition="\d",group="ledger"\} [1-9]/,
    );
    const age =
      /tillcast_log_oldest_unsettled_seconds\{topic="pos.orders.v1",group="ledger"\} (\S+)/;
    expect(Number(age.exec(shown)?.[1])).toBeGreaterThan(60);
    await harness.settleAll();
    await watch.look();
    expect(watch.raised()).toEqual([]);
    expect(Number(age.exec(await metrics.text())?.[1])).toBe(0);
    expect(lines.map(({ msg }) => msg)).toEqual([
      "orders are settled late",
      "alarm cleared: orders are settled late",
    ]);
  });
});

describe("silence", () => {
  it("raises when no feed of an open store is heard of, and clears with the first sign of life", async () => {
    const always = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, open: "00:00", close: "24:00" }));
    await superuser.query("update store set opening_hours = $1", [JSON.stringify(always)]);
    await superuser.query(
      `insert into feed (tenant_id, source, account_id, location_id, store_id, last_proof_at)
       values ($1, 'push', 'default', 'till-1', $2, to_timestamp($3::double precision / 1000))`,
      [tenantId, storeId, clock.now() - 3_600_000],
    );
    await watch.look();
    expect(watch.raised()).toEqual(["intake_silent"]);
    expect(lines.at(-1)?.reason).toContain("whether they sell is unknown");
    await superuser.query(
      "update feed set last_proof_at = to_timestamp($1::double precision / 1000)",
      [clock.now()],
    );
    await watch.look();
    expect(watch.raised()).toEqual([]);
    await superuser.query("delete from feed");
  });
});
