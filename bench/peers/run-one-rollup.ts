/**
 * Batches of order snapshots to heads and one 15-minute rollup, each batch one transaction with its
 * checkpoint: what the ledger processor does, without everything that the other peers do not do.
 */
import { once } from "node:events";
import { makeLogger, openScope } from "@tillcast/core";
import {
  boolColumn,
  columnStatement,
  inOneWrite,
  inTransaction,
  int8Column,
  runColumns,
  type Transaction,
  textColumn,
  uuidColumn,
} from "@tillcast/core/database";
import { advanceCheckpoint, type LogBatch, lockCheckpoint } from "@tillcast/event-log";
import { orderSnapshotCodec, topics, WINDOW_MS, windowStartOf } from "@tillcast/schemas";
import { joinInstallation } from "../support/bench-installation.ts";

const group = "bench-one-rollup";

interface Head {
  readonly orderId: string;
  readonly version: number;
  readonly storeId: string;
  readonly channel: string;
  readonly windowStart: number;
  readonly net: number;
  readonly counted: boolean;
}

interface HeadRow {
  readonly order_id: string;
  readonly version: bigint;
  readonly store_id: string;
  readonly channel: string;
  readonly window_start: bigint;
  readonly net: bigint;
  readonly counted: boolean;
}

interface Change {
  readonly head: Head;
  net: number;
  orders: number;
}

const selectHeads = columnStatement<Head>(
  "one-rollup-select-heads",
  { order_id: textColumn((head) => head.orderId) },
  (orders) => `select order_head.* from ${orders} join peer_batched.order_head using (order_id)`,
);

const upsertHeads = columnStatement<Head>(
  "one-rollup-upsert-heads",
  {
    order_id: textColumn((head) => head.orderId),
    version: int8Column((head) => head.version),
    store_id: uuidColumn((head) => head.storeId),
    channel: textColumn((head) => head.channel),
    window_start: int8Column((head) => head.windowStart),
    net: int8Column((head) => head.net),
    counted: boolColumn((head) => head.counted),
  },
  (heads) => `
    insert into peer_batched.order_head (order_id, version, store_id, channel, window_start, net, counted)
    select * from ${heads}
    on conflict (order_id) do update
    set version = excluded.version, store_id = excluded.store_id, channel = excluded.channel,
        window_start = excluded.window_start, net = excluded.net, counted = excluded.counted
    where order_head.version < excluded.version`,
);

const addToRollup = columnStatement<Change>(
  "one-rollup-add",
  {
    store_id: uuidColumn(({ head }) => head.storeId),
    channel: textColumn(({ head }) => head.channel),
    window_start: int8Column(({ head }) => head.windowStart),
    net: int8Column(({ net }) => net),
    orders: int8Column(({ orders }) => orders),
  },
  (changes) => `
    insert into peer_batched.rollup (store_id, channel, window_start, net, orders)
    select * from ${changes}
    on conflict (store_id, channel, window_start) do update
    set net = rollup.net + excluded.net, orders = rollup.orders + excluded.orders`,
);

const planByIndex = {
  name: "one-rollup-plan-by-index",
  text: `select set_config('plan_cache_mode', 'force_generic_plan', true),
                set_config('enable_seqscan', 'off', true),
                set_config('enable_hashjoin', 'off', true),
                set_config('enable_mergejoin', 'off', true)`,
};

async function settle(tx: Transaction, batch: LogBatch): Promise<void> {
  const { topic, topicId, partition, position, nextPosition } = batch;
  const key = { group, topic, topicId, partition };
  const arrived = batch.records.map((record) => headOf(record.value));
  const [, , found] = await inOneWrite(tx, () => [
    lockCheckpoint(tx, key, position),
    tx.query(planByIndex),
    runColumns<Head, HeadRow>(tx, selectHeads, arrived),
  ]);
  const heads = new Map(found.rows.map((row) => [row.order_id, headOfRow(row)]));
  const newHeads = new Map<string, Head>();
  const changes = new Map<string, Change>();
  const add = (head: Head, sign: number) => {
    if (!head.counted) return;
    const row = `${head.storeId}${head.channel}${head.windowStart}`;
    const change = changes.get(row) ?? { head, net: 0, orders: 0 };
    change.net += sign * head.net;
    change.orders += sign;
    changes.set(row, change);
  };
  for (const order of arrived) {
    const head = newHeads.get(order.orderId) ?? heads.get(order.orderId);
    if (head !== undefined && head.version >= order.version) continue;
    if (head !== undefined) add(head, -1);
    add(order, 1);
    newHeads.set(order.orderId, order);
  }
  // Sorted, so that two partitions lock rows in one order.
  const sorted = [...changes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
  const advance = () => advanceCheckpoint(tx, { ...key, from: position, to: nextPosition });
  if (newHeads.size === 0) return advance();
  await inOneWrite(tx, () => [
    runColumns(tx, upsertHeads, [...newHeads.values()]),
    runColumns(tx, addToRollup, sorted),
    advance(),
  ]);
}

function headOf(value: Buffer): Head {
  const { orderId, version, storeId, channel, status, paidAt, totals } =
    orderSnapshotCodec.decode(value);
  return {
    orderId,
    version: version.vendorVersion,
    storeId,
    channel,
    windowStart: windowStartOf(paidAt ?? 0, WINDOW_MS),
    net: Number(totals.net),
    counted: status === "closed" && paidAt !== null,
  };
}

const headOfRow = (row: HeadRow): Head => ({
  orderId: row.order_id,
  version: Number(row.version),
  storeId: row.store_id,
  channel: row.channel,
  windowStart: Number(row.window_start),
  net: Number(row.net),
  counted: row.counted,
});

const scope = openScope();
const { database, eventLog } = await joinInstallation(scope, {
  url: process.argv[2] ?? "",
  env: {},
  log: makeLogger({ level: "error", name: "bench" }),
});
await eventLog.subscribe({
  topic: topics.orders.topic,
  group,
  limits: { batchMaxCount: 1_000, batchMaxBytes: 4_000_000, partitionsAtOnce: 3 },
  settle: (batch) =>
    inTransaction(database.service, (tx) => settle(tx, batch), { pipelined: true }),
});
process.send?.("ready");
await once(process, "disconnect");
process.exit(0);
