import {
  locationSpaceOf,
  type OrderSnapshot,
  orderKeyOf,
  orderSnapshotCodec,
  topics,
} from "@tillcast/schemas";
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
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyTables } from "../verify/verify.ts";
import { replayLedger } from "./replay.ts";

const storeB = "01990000-0000-7000-8000-0000000000b1";
const day = 24 * 60 * minute;

let harness: ProcessorHarness;
beforeAll(async () => {
  harness = await openHarness();
  await query("insert into tenant (tenant_id, name) values ($1, 'Test')", [tenantId]);
  await query(
    "insert into store (store_id, tenant_id, name, time_zone, currency) select id, $1, id::text, 'Europe/Berlin', 'EUR' from unnest($2::uuid[]) id",
    [tenantId, [storeId, storeB]],
  );
});
afterAll(() => harness.close());
const query = async (sql: string, values: unknown[] = []) =>
  (await harness.test.database.service.query(sql, values)).rows;

interface Bill extends Partial<OrderSnapshot> {
  readonly net: bigint;
  readonly item?: string;
  readonly vendorVersion?: number;
  /** From noon of the 21st. */
  readonly after?: number;
}

/** A bill under the account `chain`, whose feed's numbering nobody knows; each content has a hash of its own. */
function bill({ net, item = "Soup", after = 0, vendorVersion = 1, ...rest }: Bill): OrderSnapshot {
  const openedAt = noon + after;
  const bare = order({
    accountId: "chain",
    numbering: "unknown",
    lines: [line({ name: item, net })],
    openedAt,
    closedAt: openedAt + 30 * minute,
    paidAt: openedAt + 30 * minute,
    businessDate: new Date(openedAt).toISOString().slice(0, 10),
    ...rest,
  });
  const hash = `${item} ${net} ${openedAt} ${rest.registerId ?? ""} ${bare.storeId}`;
  const mappingRevision = rest.version?.mappingRevision ?? 1;
  const observedAt = bare.receivedAt;
  return { ...bare, version: { vendorVersion, mappingRevision, observedAt, hash } };
}

async function settle(...orders: readonly OrderSnapshot[]): Promise<void> {
  for (const one of orders) await harness.append([one]);
  await harness.settleAll();
}

/** Net of an order's number by store, from its ledger entries. */
async function netsOf(orderId: string): Promise<Record<string, number>> {
  const rows = await query(
    `select e.store_id, sum(e.net)::int as net from ledger_entry e join order_head h using (order_key)
     where h.order_id = $1 group by e.store_id having sum(e.net) <> 0`,
    [orderId],
  );
  return Object.fromEntries(rows.map((row) => [row.store_id, row.net]));
}

const conflictsOf = (orderId: string) =>
  query(
    `select reason, store_id, known_store_id, decision, snapshot, known_snapshot
     from name_conflict where order_id = $1 order by recorded_at, version_hash`,
    [orderId],
  );

const keyText = (snapshot: OrderSnapshot): string => orderKeyOf(snapshot).toString("hex");

describe("one number for two bills", () => {
  it("of two stores under one account: the second is parked with both pictures", async () => {
    const a = bill({ orderId: "1001", net: 1_000n, locationId: "a" });
    const b = bill({ orderId: "1001", net: 500n, item: "Tea", storeId: storeB, locationId: "b" });
    await settle(a);
    await settle(b, b);
    expect(await netsOf("1001")).toEqual({ [storeId]: 1_000 });
    const [conflict, ...others] = await conflictsOf("1001");
    expect(others).toEqual([]);
    expect(conflict).toMatchObject({ store_id: storeB, known_store_id: storeId, decision: null });
    expect(conflict.reason).toContain("another store");
    expect(orderSnapshotCodec.decode(conflict.snapshot)).toEqual(b);
    expect(orderSnapshotCodec.decode(conflict.known_snapshot)).toEqual(a);
  });

  it("of two stores with a number space each: both are counted", async () => {
    const a = bill({ orderId: "1002", net: 1_000n, numberSpace: "location:a" });
    const b = bill({
      orderId: "1002",
      net: 500n,
      storeId: storeB,
      numberSpace: "location:b",
    });
    await settle(a, b);
    expect(await netsOf("1002")).toEqual({ [storeId]: 1_000, [storeB]: 500 });
  });

  it("of two registers, in one batch", async () => {
    const first = bill({ orderId: "2", net: 1_000n, registerId: "R1" });
    const second = bill({ orderId: "2", net: 500n, item: "Tea", registerId: "R2" });
    await harness.append([first, second]);
    await harness.settleAll();
    expect(await netsOf("2")).toEqual({ [storeId]: 1_000 });
    expect((await conflictsOf("2"))[0].reason).toContain("register R2");
  });

  it.each([
    ["the next day", day - 3 * 60 * minute],
    ["the next week", 7 * day],
    ["a year later", 365 * day],
    ["with a new roll", 120 * minute],
  ])("used again %s, also for the same dish and at a lower version", async (when, after) => {
    const first = bill({ orderId: when, net: 1_500n, vendorVersion: 9 });
    const again = bill({ orderId: when, net: 1_500n, after, vendorVersion: 2 });
    const newer = bill({ orderId: when, net: 400n, after, vendorVersion: 12, item: "Cake" });
    await settle(first, again, newer);
    expect(await netsOf(when)).toEqual({ [storeId]: 1_500 });
    expect(await conflictsOf(when)).toHaveLength(2);
  });

  it("stays a correction where the bill is the same, and is never asked where numbers are unique", async () => {
    const first = bill({ orderId: "edit", net: 1_000n });
    await settle(first, bill({ orderId: "edit", net: 700n, item: "Tea", vendorVersion: 2 }));
    expect(await netsOf("edit")).toEqual({ [storeId]: 700 });
    const unique = { orderId: "unique", numbering: "unique" as const };
    await settle(
      bill({ ...unique, net: 1_000n }),
      bill({ ...unique, net: 300n, after: 3 * day, vendorVersion: 2 }),
    );
    expect(await netsOf("unique")).toEqual({ [storeId]: 300 });
    expect(await conflictsOf("unique")).toEqual([]);
    // By a slip of its sender no order moves to another store.
    await settle(
      bill({ ...unique, net: 300n, storeId: storeB, locationId: "b", vendorVersion: 3 }),
    );
    expect(await netsOf("unique")).toEqual({ [storeId]: 300 });
    expect((await conflictsOf("unique"))[0].reason).toContain("another store");
  });
});

describe("a push without account", () => {
  const named = (change: Bill, locationId = storeId) =>
    bill({ accountId: "default", locationId, numberSpace: locationSpaceOf(locationId), ...change });
  const former = (change: Bill) =>
    bill({ accountId: "default", locationId: storeId, numbering: null, ...change });

  it("that names an order of the release before is still that order, and another store's is another", async () => {
    await query("insert into former_names (is_present) values (true)");
    await settle(former({ orderId: "77", net: 1_000n, vendorVersion: 3 }));
    // An older picture first, then an edit, then two stores' orders of that number.
    await settle(
      named({ orderId: "77", net: 900n, vendorVersion: 2 }),
      named({ orderId: "77", net: 1_200n, vendorVersion: 4 }),
      named({ orderId: "77", net: 500n, storeId: storeB }, storeB),
    );
    expect(await netsOf("77")).toEqual({ [storeId]: 1_200, [storeB]: 500 });
    await settle(named({ orderId: "77", net: 1_300n, vendorVersion: 5 }));
    expect(await netsOf("77")).toEqual({ [storeId]: 1_300, [storeB]: 500 });
  });

  it("that bears the former number of another bill is an order of its own", async () => {
    await settle(former({ orderId: "78", net: 1_000n }));
    await settle(named({ orderId: "78", net: 250n, item: "Tea", after: day }));
    expect(await netsOf("78")).toEqual({ [storeId]: 1_250 });
  });
});

describe("an order that moves to another name", () => {
  it("is counted once, whatever came under the former name meanwhile and later", async () => {
    const monday = bill({ orderId: "5", net: 1_500n });
    await settle(monday);
    const renamed = (snapshot: OrderSnapshot): OrderSnapshot => ({
      ...snapshot,
      numbering: "per_day",
      numberSpace: `location:loc/day:${snapshot.businessDate}`,
      formerKey: keyText(monday),
      version: { ...snapshot.version, mappingRevision: 2 },
    });
    // A newer picture under the former name overtakes the move.
    const overtaking = bill({ orderId: "5", net: 1_600n, vendorVersion: 2 });
    await settle(overtaking, renamed(monday), renamed(monday));
    expect(await netsOf("5")).toEqual({ [storeId]: 1_600 });
    await settle(bill({ orderId: "5", net: 1_700n, vendorVersion: 3 }));
    expect(await netsOf("5")).toEqual({ [storeId]: 1_700 });
    const heads = await query(
      "select moved_to is not null as left from order_head where order_id = '5' order by 1",
    );
    expect(heads).toEqual([{ left: false }, { left: true }]);
    // Tuesday's bill under the name that Monday's left fits neither.
    await settle(bill({ orderId: "5", net: 400n, item: "Cake", after: day }));
    expect(await conflictsOf("5")).toHaveLength(1);
    await settle({
      ...bill({ orderId: "5", net: 400n, item: "Cake", after: day }),
      numbering: "per_day",
      numberSpace: "location:loc/day:2026-11-22",
    });
    expect(await netsOf("5")).toEqual({ [storeId]: 2_100 });
  });

  it("stays under its former name where another order has the new one", async () => {
    const monday = bill({
      orderId: "6",
      net: 1_500n,
      numberSpace: "day:mon",
      numbering: "per_day",
    });
    const tuesday = bill({
      orderId: "6",
      net: 400n,
      after: day,
      numberSpace: "day:tue",
      numbering: "per_day",
    });
    await settle(monday, tuesday);
    const renamed = (snapshot: OrderSnapshot): OrderSnapshot => ({
      ...snapshot,
      numbering: "unique",
      numberSpace: null,
      formerKey: keyText(snapshot),
      version: { ...snapshot.version, mappingRevision: 2 },
    });
    await settle(renamed(monday), renamed(tuesday), renamed(tuesday));
    expect(await netsOf("6")).toEqual({ [storeId]: 1_900 });
    expect(await conflictsOf("6")).toHaveLength(1);
    expect(
      await query(
        "select mapping_revision from order_head where order_id = '6' and moved_to is null",
      ),
    ).toEqual([{ mapping_revision: 2 }, { mapping_revision: 2 }]);
  });

  it("moves to another store by a re-mapped location, once", async () => {
    const before = bill({ orderId: "moved", net: 800n });
    const version = { ...before.version, mappingRevision: 2 };
    await settle(before);
    const after = { ...before, storeId: storeB, version };
    await settle(after, after);
    expect(await netsOf("moved")).toEqual({ [storeB]: 800 });
    expect(await conflictsOf("moved")).toEqual([]);
  });
});

describe("what is decided of a parked bill", () => {
  it("as a correction it replaces the known order; as another sale it is counted beside it", async () => {
    const first = bill({ orderId: "wrong clock", net: 1_000n });
    const later = bill({ orderId: "wrong clock", net: 900n, after: day, vendorVersion: 2 });
    await settle(first, later);
    expect(await netsOf("wrong clock")).toEqual({ [storeId]: 1_000 });
    await settle({ ...later, nameDecision: "correction" });
    expect(await netsOf("wrong clock")).toEqual({ [storeId]: 900 });

    const other = bill({ orderId: "again", net: 300n, after: day });
    await settle(bill({ orderId: "again", net: 1_000n }), other);
    const decided = { nameDecision: "another_sale" as const, numberSpace: "decided:abc" };
    await settle({ ...other, ...decided }, { ...other, ...decided });
    expect(await netsOf("again")).toEqual({ [storeId]: 1_300 });
  });
});

describe("afterwards", () => {
  it("verify and replay are equal, whichever partition is read first", async () => {
    const { service } = harness.test.database;
    // A history in the other topic, which a replay reads first.
    await harness.append(
      [bill({ orderId: "1001", net: 9_900n, after: -300 * day, locationId: "a" })],
      topics.ordersBackfill.topic,
    );
    await harness.settleAll();
    expect(await conflictsOf("1001")).toHaveLength(2);
    expect((await verifyTables(service)).differences).toEqual([]);
    const { eventLog } = harness;
    const ownerUrl = harness.test.url;
    const replayed = await replayLedger({ ownerUrl, eventLog, swap: false });
    expect(replayed.tables.filter((table) => !table.equal)).toEqual([]);
    const swapped = await replayLedger({ ownerUrl, eventLog, swap: true });
    expect(swapped.equal).toBe(true);
    expect((await verifyTables(service)).differences).toEqual([]);
    // The names that were left are known after the swap as well.
    await settle(bill({ orderId: "5", net: 1_800n, vendorVersion: 4 }));
    expect(await netsOf("5")).toEqual({ [storeId]: 2_200 });
  });
});
