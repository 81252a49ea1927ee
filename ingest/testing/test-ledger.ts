import {
  advanceCheckpoint,
  type Database,
  type EventLog,
  inTransaction,
  lockCheckpoint,
  type Subscription,
} from "@tillcast/core";
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

const upsertHead = `
  insert into order_head (order_key, tenant_id, store_id, source, account_id, location_id, order_id,
    vendor_version, mapping_revision, observed_at, content_hash, head_revision, fold_revision,
    schema_fingerprint, snapshot, posted, is_open, recorded_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, 1, $12, $13, '', $14, $10)
  on conflict (order_key) do update
  set vendor_version = excluded.vendor_version, content_hash = excluded.content_hash,
      mapping_revision = excluded.mapping_revision, snapshot = excluded.snapshot,
      recorded_at = excluded.recorded_at`;

const insertEntry = `
  insert into ledger_entry
  values (decode(md5($1::bytea::text || $7::bigint), 'hex'), $1, $2, $3, $4, $5, $4, $4, $6, 'EUR',
    $7, 0, $7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0)`;

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
        for (const [at, order] of orders.entries()) {
          const { version } = order;
          const orderKey = orderKeyOf(order);
          await tx.query(upsertHead, [
            orderKey,
            order.tenantId,
            order.storeId,
            order.source,
            order.accountId,
            order.locationId,
            order.orderId,
            version.vendorVersion,
            version.mappingRevision,
            new Date(version.observedAt),
            version.hash,
            orderSnapshotCodec.fingerprint,
            batch.records[at]?.value,
            order.status === "open",
          ]);
          if (order.status !== "closed" || order.testMode) continue;
          await tx.query(insertEntry, [
            orderKey,
            order.tenantId,
            order.storeId,
            new Date(order.paidAt ?? order.openedAt),
            order.businessDate,
            orderChannels.indexOf(order.channel),
            order.totals.net,
          ]);
        }
        await advanceCheckpoint(tx, { ...key, from: position, to: nextPosition });
      });
      settled.push(...orders);
    },
  });
  return { settled, close: () => subscription.close() };
}
