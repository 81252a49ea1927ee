import {
  boolArray,
  byteaArray,
  type Database,
  dateArray,
  inTransaction,
  int2Array,
  int4Array,
  int8Array,
  int8ArrayFromNumbers,
  runStatement,
  type Statement,
  textArray,
  timestamptzArray,
  uuidArray,
} from "@tillcast/core/database";
import {
  advanceCheckpoint,
  type EventLog,
  type LogRecord,
  lockCheckpoint,
  type Subscription,
} from "@tillcast/event-log";
import {
  LEDGER_GROUP,
  type OrderSnapshot,
  orderChannels,
  orderKeyOf,
  orderSnapshotCodec,
} from "@tillcast/schemas";

/** A stand-in for the ledger that knows closed sales only: enough to see what the intake sees of it. */
export interface TestLedger {
  /** Every snapshot that came, in order of settling. */
  readonly settled: readonly OrderSnapshot[];
  close(): Promise<void>;
}

const upsertHeads: Statement = {
  name: "test-ledger-heads",
  text: `
    insert into order_head (order_key, tenant_id, store_id, source, account_id, location_id, order_id,
      vendor_version, mapping_revision, observed_at, content_hash, head_revision, fold_revision,
      schema_fingerprint, snapshot, posted, is_open, recorded_at)
    select distinct on (k) k, t, s, src, a, l, o, v, m, at, h, 1, 1, $14::bytea, b, '', i, at
    from unnest($1::bytea[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
      $8::bigint[], $9::integer[], $10::timestamptz[], $11::text[], $12::bytea[], $13::boolean[])
      as head (k, t, s, src, a, l, o, v, m, at, h, b, i)
    order by k, v desc
    on conflict (order_key) do update
    set vendor_version = excluded.vendor_version, content_hash = excluded.content_hash,
        mapping_revision = excluded.mapping_revision, snapshot = excluded.snapshot,
        recorded_at = excluded.recorded_at`,
};

const insertEntries: Statement = {
  name: "test-ledger-entries",
  text: `
    insert into ledger_entry
    select k, k, t, s, at, d, at, at, c, 'EUR', n, 0, n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0
    from unnest($1::bytea[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::date[], $6::smallint[],
      $7::bigint[]) as entry (k, t, s, at, d, c, n)`,
};

/** Starts settling a topic. */
export async function startTestLedger(
  database: Database,
  eventLog: EventLog,
  topic: string,
): Promise<TestLedger> {
  const settled: OrderSnapshot[] = [];
  const subscription: Subscription = await eventLog.subscribe({
    topic,
    group: LEDGER_GROUP,
    limits: { batchMaxCount: 500, batchMaxBytes: 4_000_000, partitionsAtOnce: 2 },
    settle: async (batch) => {
      const { partition, topicId, position, nextPosition } = batch;
      const key = { group: LEDGER_GROUP, topic, topicId, partition };
      const orders = batch.records.map((record) => orderSnapshotCodec.decode(record.value));
      await inTransaction(database.service, async (tx) => {
        await lockCheckpoint(tx, key, position);
        await runStatement(tx, upsertHeads, headColumns(orders, batch.records));
        const sales = orders.filter((one) => one.status === "closed" && !one.testMode);
        await runStatement(tx, insertEntries, entryColumns(sales));
        await advanceCheckpoint(tx, { ...key, from: position, to: nextPosition });
      });
      settled.push(...orders);
    },
  });
  return { settled, close: () => subscription.close() };
}

function headColumns(orders: readonly OrderSnapshot[], records: readonly LogRecord[]): Buffer[] {
  return [
    byteaArray(orders.map(orderKeyOf)),
    uuidArray(orders.map((order) => order.tenantId)),
    uuidArray(orders.map((order) => order.storeId)),
    textArray(orders.map((order) => order.source)),
    textArray(orders.map((order) => order.accountId)),
    textArray(orders.map((order) => order.locationId)),
    textArray(orders.map((order) => order.orderId)),
    int8ArrayFromNumbers(orders.map((order) => order.version.vendorVersion)),
    int4Array(orders.map((order) => order.version.mappingRevision)),
    timestamptzArray(orders.map((order) => order.version.observedAt)),
    textArray(orders.map((order) => order.version.hash)),
    byteaArray(records.map((record) => record.value)),
    boolArray(orders.map((order) => order.status === "open")),
    orderSnapshotCodec.fingerprint,
  ];
}

function entryColumns(orders: readonly OrderSnapshot[]): Buffer[] {
  return [
    byteaArray(orders.map(orderKeyOf)),
    uuidArray(orders.map((order) => order.tenantId)),
    uuidArray(orders.map((order) => order.storeId)),
    timestamptzArray(orders.map((order) => order.paidAt ?? order.openedAt)),
    dateArray(orders.map((order) => order.businessDate)),
    int2Array(orders.map((order) => orderChannels.indexOf(order.channel))),
    int8Array(orders.map((order) => order.totals.net)),
  ];
}
