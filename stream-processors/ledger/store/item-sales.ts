import {
  columnStatement,
  dateColumn,
  int8Column,
  runColumns,
  type Transaction,
  textColumn,
  timestamptzColumn,
  uuidColumn,
} from "@tillcast/core/database";
import type { ItemChange } from "../fold/rollup-changes.ts";
import type { Stamped } from "./stamped.ts";

type Row = Stamped<ItemChange>;

const columns = {
  store_id: uuidColumn(({ change }: Row) => change.storeId),
  business_date: dateColumn(({ change }: Row) => change.businessDate),
  hour_start: timestamptzColumn(({ change }: Row) => change.hourStart),
  item_key: textColumn(({ change }: Row) => change.itemKey),
  currency: textColumn(({ change }: Row) => change.currency),
  tenant_id: uuidColumn(({ stamp }: Row) => stamp.tenantId),
  quantity: int8Column(({ change }: Row) => change.quantity),
  gross: int8Column(({ change }: Row) => change.gross),
  net: int8Column(({ change }: Row) => change.net),
};
const names = Object.keys(columns).join(", ");
const insert = (items: string) => `insert into item_sales (${names}) select ${names} from ${items}`;

const insertStatement = columnStatement<Row>("ledger-insert-item-sales", columns, insert);

const upsertStatement = columnStatement<Row>(
  "ledger-upsert-item-sales",
  columns,
  (items) => `
    ${insert(items)}
    on conflict (store_id, business_date, hour_start, item_key, currency) do update
    set quantity = item_sales.quantity + excluded.quantity,
        gross = item_sales.gross + excluded.gross,
        net = item_sales.net + excluded.net`,
);

/** Inserts item sales of which none is there. */
export async function insertItems(tx: Transaction, rows: readonly Row[]): Promise<void> {
  if (rows.length > 0) await runColumns(tx, insertStatement, rows);
}

/** Adds to the item sales per business day and local hour. */
export async function addToItems(tx: Transaction, rows: readonly Row[]): Promise<void> {
  if (rows.length > 0) await runColumns(tx, upsertStatement, rows);
}
