import {
  byteaColumn,
  columnStatement,
  latin1Column,
  runColumns,
  type Transaction,
  textColumn,
  timestamptzColumn,
  uuidColumn,
} from "@tillcast/core/database";
import type { NameConflict } from "../fold/name-orders.ts";

const columns = {
  order_key: latin1Column(({ arrived }: NameConflict) => arrived.orderKey),
  version_hash: textColumn(({ arrived }: NameConflict) => arrived.order.version.hash),
  tenant_id: uuidColumn(({ arrived }: NameConflict) => arrived.order.tenantId),
  source: textColumn(({ arrived }: NameConflict) => arrived.order.source),
  account_id: textColumn(({ arrived }: NameConflict) => arrived.order.accountId),
  location_id: textColumn(({ arrived }: NameConflict) => arrived.order.locationId),
  order_id: textColumn(({ arrived }: NameConflict) => arrived.order.orderId),
  store_id: uuidColumn(({ arrived }: NameConflict) => arrived.order.storeId),
  reason: textColumn(({ reason }: NameConflict) => reason),
  schema_fingerprint: byteaColumn(({ arrived }: NameConflict) => arrived.fingerprint),
  snapshot: byteaColumn(({ arrived }: NameConflict) => arrived.bytes),
  recorded_at: timestamptzColumn(({ arrived }: NameConflict) => arrived.order.receivedAt),
  // A replay takes a decision over without the order that was known then; its rows are only compared.
  known_store_id: uuidColumn(
    ({ known, arrived }: NameConflict) => known?.storeId ?? arrived.order.storeId,
  ),
  known_fingerprint: byteaColumn(
    ({ known, arrived }: NameConflict) => known?.fingerprint ?? arrived.fingerprint,
  ),
  known_snapshot: byteaColumn(({ known, arrived }: NameConflict) => known?.bytes ?? arrived.bytes),
};
const names = Object.keys(columns).join(", ");

const insertConflicts = columnStatement<NameConflict>(
  "ledger-insert-name-conflicts",
  columns,
  (conflicts) => `
    insert into name_conflict (${names})
    select ${names} from ${conflicts}
    on conflict (order_key, version_hash) do nothing`,
);

/** Keeps pictures that do not fit the order known under their name; the same picture twice is one row. */
export async function saveNameConflicts(
  tx: Transaction,
  conflicts: readonly NameConflict[],
): Promise<void> {
  if (conflicts.length > 0) await runColumns(tx, insertConflicts, conflicts);
}
