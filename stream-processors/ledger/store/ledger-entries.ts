import {
  columnStatement,
  dateColumn,
  int2Column,
  latin1Column,
  runColumns,
  type Transaction,
  textColumn,
  timestamptzColumn,
  uuidColumn,
} from "@tillcast/core/database";
import type { LedgerEntry } from "../fold/fold-orders.ts";
import { measureColumns, measureParameters, measureValues } from "./measure-columns.ts";

const entryColumns = {
  entry_id: latin1Column((entry: LedgerEntry) => entry.entryId),
  order_key: latin1Column((entry: LedgerEntry) => entry.orderKey),
  tenant_id: uuidColumn((entry: LedgerEntry) => entry.order.tenantId),
  store_id: uuidColumn((entry: LedgerEntry) => entry.place.storeId),
  counted_at: timestamptzColumn((entry: LedgerEntry) => entry.entry.countedAt),
  business_date: dateColumn((entry: LedgerEntry) => entry.entry.businessDate),
  occurred_at: timestamptzColumn((entry: LedgerEntry) => entry.entry.occurredAt),
  recorded_at: timestamptzColumn((entry: LedgerEntry) => entry.order.receivedAt),
  channel: int2Column((entry: LedgerEntry) => entry.place.channel),
  currency: textColumn((entry: LedgerEntry) => entry.place.currency),
};
const keyColumns = Object.keys(entryColumns).join(", ");

const insertEntries = columnStatement<LedgerEntry>(
  "ledger-insert-entries",
  { ...entryColumns, ...measureParameters((entry: LedgerEntry) => entry.entry.values) },
  (entries) => `
    insert into ledger_entry (${keyColumns}, ${measureColumns})
    select ${keyColumns}, ${measureValues} from ${entries}`,
);

/** Appends entries to the ledger. */
export async function postLedger(tx: Transaction, entries: readonly LedgerEntry[]): Promise<void> {
  if (entries.length > 0) await runColumns(tx, insertEntries, entries);
}
