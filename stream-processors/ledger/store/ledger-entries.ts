import {
  byteaArray,
  dateArray,
  int2Array,
  runStatement,
  type Statement,
  type Transaction,
  textArray,
  timestamptzArray,
  uuidArray,
} from "@tillcast/core";
import type { LedgerEntry } from "../fold/fold-orders.ts";
import { channelNumber } from "./channel-number.ts";
import { measureArrays, measureColumns, measureParameters } from "./measure-columns.ts";

const insertEntries: Statement = {
  name: "ledger-insert-entries",
  text: `
    insert into ledger_entry (entry_id, order_key, tenant_id, store_id, counted_at, business_date,
      occurred_at, recorded_at, channel, currency, ${measureColumns})
    select * from unnest($1::bytea[], $2::bytea[], $3::uuid[], $4::uuid[], $5::timestamptz[],
      $6::date[], $7::timestamptz[], $8::timestamptz[], $9::smallint[], $10::text[],
      ${measureParameters(11)})`,
};

/** Appends entries to the ledger. */
export async function postLedger(tx: Transaction, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await runStatement(tx, insertEntries, [
    byteaArray(entries.map((entry) => entry.entryId)),
    byteaArray(entries.map((entry) => entry.orderKey)),
    uuidArray(entries.map((entry) => entry.tenantId)),
    uuidArray(entries.map((entry) => entry.storeId)),
    timestamptzArray(entries.map((entry) => entry.countedAt)),
    dateArray(entries.map((entry) => entry.businessDate)),
    timestamptzArray(entries.map((entry) => entry.occurredAt)),
    timestamptzArray(entries.map((entry) => entry.recordedAt)),
    int2Array(entries.map((entry) => channelNumber(entry.channel))),
    textArray(entries.map((entry) => entry.currency)),
    ...measureArrays(entries),
  ]);
}
