import {
  byteaArray,
  inTransaction,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core";
import { channelText, localHourStartOf, measures } from "@tillcast/schemas";
import type { Pool } from "pg";
import { postedCodec } from "../ledger/fold/posted.ts";
import { addToRow, compareRows, type Differences } from "./differences.ts";

const sums = measures.map((name) => `sum(${name})::bigint as ${name}`).join(", ");
const columns = measures.join(", ");

const statements = {
  ledger: {
    name: "verify-ledger-windows",
    text: `
      select date_bin('15 minutes', counted_at, timestamptz 'epoch') as start, channel, currency, ${sums}
      from ledger_entry where store_id = $1 and business_date = $2
      group by 1, 2, 3`,
  },
  windows: {
    name: "verify-windows",
    text: `select window_start as start, channel, currency, ${columns} from rollup_15m where store_id = $1 and business_date = $2`,
  },
  hours: {
    name: "verify-hours",
    text: `select window_start as start, channel, currency, ${columns} from rollup_hour where store_id = $1 and business_date = $2`,
  },
  days: {
    name: "verify-days",
    text: `select timestamptz 'epoch' as start, channel, currency, ${columns} from rollup_day where store_id = $1 and business_date = $2`,
  },
  items: {
    name: "verify-items",
    text: `select hour_start, item_key, currency, quantity, gross, net from item_sales where store_id = $1 and business_date = $2`,
  },
  orderKeys: {
    name: "verify-order-keys",
    text: `select distinct order_key from ledger_entry where store_id = $1 and business_date = $2`,
  },
  headless: {
    name: "verify-headless-entries",
    text: `
      select order_key, ${sums} from ledger_entry entry
      where store_id = $1 and business_date = $2
        and not exists (select from order_head head where head.order_key = entry.order_key)
      group by order_key`,
  },
  posted: {
    name: "verify-posted",
    text: `select posted from order_head where order_key = any($1::bytea[]) and store_id = $2`,
  },
  businessDates: {
    name: "verify-days-of-store",
    text: `
      select business_date from ledger_entry where store_id = $1
      union select business_date from rollup_15m where store_id = $1
      union select business_date from rollup_hour where store_id = $1
      union select business_date from rollup_day where store_id = $1
      union select business_date from item_sales where store_id = $1
      order by 1`,
  },
} satisfies Record<string, Statement>;

type TierRow = Record<(typeof measures)[number], bigint> & {
  readonly start: number;
  readonly channel: number;
  readonly currency: string;
};

/** Business dates on which a store has any row. */
export async function businessDatesOf(pool: Pool, storeId: string): Promise<string[]> {
  const { rows } = await runStatement<{ business_date: string }>(pool, statements.businessDates, [
    storeId,
  ]);
  return rows.map((row) => row.business_date);
}

/**
 * Compares one store's business day in every tier with its ledger, and its item sales with the heads of
 * its orders, all as one short transaction saw them. Answers the number of 15-minute windows with sales: one
 * in which everything cancelled out is there or not by how orders came together.
 */
export async function verifyBusinessDay(
  pool: Pool,
  store: { readonly storeId: string; readonly timeZone: string },
  businessDate: string,
  differences: Differences,
): Promise<number> {
  const day = await inTransaction(pool, (tx) => loadDay(tx, store.storeId, businessDate), {
    isolation: "repeatable read",
    readOnly: true,
  });
  const keyOf = (start: number | undefined, channel: number, currency: string) =>
    [
      `store ${store.storeId}, business date ${businessDate}`,
      ...(start === undefined ? [] : [new Date(start).toISOString()]),
      channelText(channel),
      currency,
    ].join(", ");
  const rowsOf = (
    rows: readonly TierRow[],
    startOf: (start: number) => number | undefined = (start) => start,
  ) => {
    const byKey = new Map<string, Record<string, bigint>>();
    for (const row of rows) {
      const values = Object.fromEntries(measures.map((measure) => [measure, row[measure]]));
      addToRow(byKey, keyOf(startOf(row.start), row.channel, row.currency), values);
    }
    return byKey;
  };
  for (const { order_key, ...values } of day.headless) {
    const name = `order without a head, key ${order_key.toString("hex")}`;
    const row = new Map([
      [`${name}, store ${store.storeId}, business date ${businessDate}`, values],
    ]);
    compareRows("ledger_entry", new Map(), row, differences);
  }
  const hourOf = (start: number) => localHourStartOf(start, store.timeZone);
  compareRows("rollup_15m", rowsOf(day.ledger), rowsOf(day.windows), differences);
  compareRows("rollup_hour", rowsOf(day.ledger, hourOf), rowsOf(day.hours), differences);
  const wholeDay = () => undefined;
  compareRows("rollup_day", rowsOf(day.ledger, wholeDay), rowsOf(day.days, wholeDay), differences);
  compareRows(
    "item_sales",
    expectedItems(day, store.storeId, businessDate),
    foundItems(day, store.storeId, businessDate),
    differences,
  );
  return day.windows.filter((row) => measures.some((measure) => row[measure] !== 0n)).length;
}

interface ItemRow {
  readonly hour_start: number;
  readonly item_key: string;
  readonly currency: string;
  readonly quantity: bigint;
  readonly gross: bigint;
  readonly net: bigint;
}

interface Day {
  readonly ledger: readonly TierRow[];
  readonly windows: readonly TierRow[];
  readonly hours: readonly TierRow[];
  readonly days: readonly TierRow[];
  readonly items: readonly ItemRow[];
  readonly posted: readonly Buffer[];
  readonly headless: readonly HeadlessRow[];
}

/** What an order without a head put into the ledger. */
type HeadlessRow = Record<(typeof measures)[number], bigint> & { readonly order_key: Buffer };

async function loadDay(tx: Transaction, storeId: string, businessDate: string): Promise<Day> {
  const headless = await runStatement<HeadlessRow>(tx, statements.headless, [
    storeId,
    businessDate,
  ]);
  const tier = async (statement: Statement) =>
    (await runStatement<TierRow>(tx, statement, [storeId, businessDate])).rows;
  const keys = await runStatement<{ order_key: Buffer }>(tx, statements.orderKeys, [
    storeId,
    businessDate,
  ]);
  const orderKeys = byteaArray(keys.rows.map((row) => row.order_key));
  const posted = await runStatement<{ posted: Buffer }>(tx, statements.posted, [
    orderKeys,
    storeId,
  ]);
  return {
    ledger: await tier(statements.ledger),
    windows: await tier(statements.windows),
    hours: await tier(statements.hours),
    days: await tier(statements.days),
    items: (await runStatement<ItemRow>(tx, statements.items, [storeId, businessDate])).rows,
    posted: posted.rows.map((row) => row.posted),
    headless: headless.rows,
  };
}

const itemKeyOf = (
  storeId: string,
  businessDate: string,
  hourStart: number,
  item: string,
  currency: string,
) =>
  `store ${storeId}, business date ${businessDate}, ${new Date(hourStart).toISOString()}, item ${item}, ${currency}`;

function expectedItems(day: Day, storeId: string, businessDate: string) {
  const rows = new Map<string, Record<string, bigint>>();
  for (const bytes of day.posted) {
    const posted = postedCodec.decode(bytes);
    for (const { hourStart, itemKey, quantity, gross, net, ...item } of posted.items) {
      if (item.businessDate !== businessDate) continue;
      addToRow(rows, itemKeyOf(storeId, businessDate, hourStart, itemKey, posted.currency), {
        quantity,
        gross,
        net,
      });
    }
  }
  return rows;
}

function foundItems(day: Day, storeId: string, businessDate: string) {
  const rows = new Map<string, Record<string, bigint>>();
  for (const { hour_start, item_key, currency, quantity, gross, net } of day.items) {
    addToRow(rows, itemKeyOf(storeId, businessDate, hour_start, item_key, currency), {
      quantity,
      gross,
      net,
    });
  }
  return rows;
}
