import {
  dateArray,
  int8Array,
  runStatement,
  type Statement,
  type Transaction,
  textArray,
  timestamptzArray,
  uuidArray,
} from "@tillcast/core";
import type { OpenSales } from "@tillcast/schemas";
import type { ItemChange, OpenChange, TenderChange } from "../fold/difference.ts";
import type { StampOf } from "./rollups.ts";

const upsertItems: Statement = {
  name: "ledger-upsert-item-sales",
  text: `
    insert into item_sales (store_id, business_date, hour_start, item_key, currency, tenant_id,
      quantity, gross, net)
    select * from unnest($1::uuid[], $2::date[], $3::timestamptz[], $4::text[], $5::text[], $6::uuid[],
      $7::bigint[], $8::bigint[], $9::bigint[])
    on conflict (store_id, business_date, hour_start, item_key, currency) do update
    set quantity = item_sales.quantity + excluded.quantity,
        gross = item_sales.gross + excluded.gross,
        net = item_sales.net + excluded.net`,
};

const upsertTenders: Statement = {
  name: "ledger-upsert-tender-day",
  text: `
    insert into tender_day (store_id, business_date, method, currency, tenant_id, amount, tip,
      refunded, payments)
    select * from unnest($1::uuid[], $2::date[], $3::text[], $4::text[], $5::uuid[], $6::bigint[],
      $7::bigint[], $8::bigint[], $9::bigint[])
    on conflict (store_id, business_date, method, currency) do update
    set amount = tender_day.amount + excluded.amount,
        tip = tender_day.tip + excluded.tip,
        refunded = tender_day.refunded + excluded.refunded,
        payments = tender_day.payments + excluded.payments`,
};

const upsertOpen: Statement = {
  name: "ledger-upsert-open-sales",
  text: `
    insert into open_sales (store_id, currency, tenant_id, amount, orders)
    select * from unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::bigint[])
    on conflict (store_id, currency) do update
    set amount = open_sales.amount + excluded.amount,
        orders = open_sales.orders + excluded.orders`,
};

const selectOpen: Statement = {
  name: "ledger-select-open-sales",
  text: "select store_id, currency, amount, orders from open_sales where store_id = any($1::uuid[])",
};

/** Adds a batch to the item sales per business day and local hour. */
export async function addToItems(
  tx: Transaction,
  changes: readonly ItemChange[],
  stampOf: StampOf,
): Promise<void> {
  if (changes.length === 0) return;
  await runStatement(tx, upsertItems, [
    uuidArray(changes.map((change) => change.storeId)),
    dateArray(changes.map((change) => change.businessDate)),
    timestamptzArray(changes.map((change) => change.hourStart)),
    textArray(changes.map((change) => change.itemKey)),
    textArray(changes.map((change) => change.currency)),
    uuidArray(changes.map((change) => stampOf(change.storeId).tenantId)),
    int8Array(changes.map((change) => change.quantity)),
    int8Array(changes.map((change) => change.gross)),
    int8Array(changes.map((change) => change.net)),
  ]);
}

/** Adds a batch to the tender totals. */
export async function addToTenders(
  tx: Transaction,
  changes: readonly TenderChange[],
  stampOf: StampOf,
): Promise<void> {
  if (changes.length === 0) return;
  await runStatement(tx, upsertTenders, [
    uuidArray(changes.map((change) => change.storeId)),
    dateArray(changes.map((change) => change.businessDate)),
    textArray(changes.map((change) => change.method)),
    textArray(changes.map((change) => change.currency)),
    uuidArray(changes.map((change) => stampOf(change.storeId).tenantId)),
    int8Array(changes.map((change) => change.amount)),
    int8Array(changes.map((change) => change.tip)),
    int8Array(changes.map((change) => change.refunded)),
    int8Array(changes.map((change) => change.payments)),
  ]);
}

/** Adds a batch to what is open, per store and currency. */
export async function addToOpen(
  tx: Transaction,
  changes: readonly OpenChange[],
  stampOf: StampOf,
): Promise<void> {
  if (changes.length === 0) return;
  await runStatement(tx, upsertOpen, [
    uuidArray(changes.map((change) => change.storeId)),
    textArray(changes.map((change) => change.currency)),
    uuidArray(changes.map((change) => stampOf(change.storeId).tenantId)),
    int8Array(changes.map((change) => change.amount)),
    int8Array(changes.map((change) => change.orders)),
  ]);
}

/** What is open in the given stores, by store. */
export async function loadOpen(
  tx: Transaction,
  storeIds: readonly string[],
): Promise<Map<string, OpenSales[]>> {
  type Row = { store_id: string; currency: string; amount: bigint; orders: bigint };
  const { rows } = await runStatement<Row>(tx, selectOpen, [uuidArray(storeIds)]);
  const open = new Map<string, OpenSales[]>();
  for (const { store_id, currency, amount, orders } of rows) {
    const ofStore = open.get(store_id) ?? [];
    ofStore.push({ currency, amount, orders: Number(orders) });
    open.set(store_id, ofStore);
  }
  return open;
}
