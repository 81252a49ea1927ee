import {
  columnStatement,
  dateColumn,
  int8Column,
  runColumns,
  runStatement,
  type Statement,
  type Transaction,
  textColumn,
  uuidArray,
  uuidColumn,
} from "@tillcast/core/database";
import type { OpenSales } from "@tillcast/schemas";
import type { OpenChange, TenderChange } from "../fold/money-changes.ts";
import type { Stamped } from "./stamped.ts";

type TenderRow = Stamped<TenderChange>;
type OpenRow = Stamped<OpenChange>;

const upsertTenders = columnStatement<TenderRow>(
  "ledger-upsert-tender-day",
  {
    store_id: uuidColumn(({ change }) => change.storeId),
    business_date: dateColumn(({ change }) => change.businessDate),
    method: textColumn(({ change }) => change.method),
    currency: textColumn(({ change }) => change.currency),
    tenant_id: uuidColumn(({ stamp }) => stamp.tenantId),
    amount: int8Column(({ change }) => change.amount),
    tip: int8Column(({ change }) => change.tip),
    refunded: int8Column(({ change }) => change.refunded),
    payments: int8Column(({ change }) => change.payments),
  },
  (tenders) => `
    insert into tender_day (store_id, business_date, method, currency, tenant_id, amount, tip,
      refunded, payments)
    select * from ${tenders}
    on conflict (store_id, business_date, method, currency) do update
    set amount = tender_day.amount + excluded.amount,
        tip = tender_day.tip + excluded.tip,
        refunded = tender_day.refunded + excluded.refunded,
        payments = tender_day.payments + excluded.payments`,
);

const upsertOpen = columnStatement<OpenRow>(
  "ledger-upsert-open-sales",
  {
    store_id: uuidColumn(({ change }) => change.storeId),
    currency: textColumn(({ change }) => change.currency),
    tenant_id: uuidColumn(({ stamp }) => stamp.tenantId),
    amount: int8Column(({ change }) => change.amount),
    orders: int8Column(({ change }) => change.orders),
  },
  (open) => `
    insert into open_sales (store_id, currency, tenant_id, amount, orders)
    select * from ${open}
    on conflict (store_id, currency) do update
    set amount = open_sales.amount + excluded.amount,
        orders = open_sales.orders + excluded.orders`,
);

const selectOpen: Statement = {
  name: "ledger-select-open-sales",
  text: "select store_id, currency, amount, orders from open_sales where store_id = any($1::uuid[])",
};

/** Adds a batch to the tender totals. */
export async function addToTenders(tx: Transaction, rows: readonly TenderRow[]): Promise<void> {
  if (rows.length > 0) await runColumns(tx, upsertTenders, rows);
}

/** Adds a batch to what is open, per store and currency. */
export async function addToOpen(tx: Transaction, rows: readonly OpenRow[]): Promise<void> {
  if (rows.length > 0) await runColumns(tx, upsertOpen, rows);
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
