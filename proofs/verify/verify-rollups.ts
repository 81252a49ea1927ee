import {
  byteaArray,
  inTransaction,
  runStatement,
  type Statement,
  type Transaction,
} from "@tillcast/core/database";
import { channelText, measures } from "@tillcast/schemas";
import type { Fold, Posted } from "@tillcast/stream-processors/ledger";
import type { Pool } from "pg";
import {
  addToRow,
  compareRows,
  type Differences,
  type FoundRows,
  type Rows,
} from "./differences.ts";
import { type PostedBytes, readPostings } from "./read-postings.ts";
import { instantText, msOf } from "./readable.ts";
import type { VerifiedStore } from "./stores.ts";

const sums = measures.map((name) => `sum(${name})::text as ${name}`).join(", ");
const columns = measures.join(", ");
const ofDay = "where store_id = $1 and business_date = $2";

const statements = {
  ledger: {
    name: "verify-ledger-windows",
    text: `
      select ${msOf("date_bin('15 minutes', counted_at, timestamptz 'epoch')")} as start, channel, currency, ${sums}
      from ledger_entry ${ofDay}
      group by 1, 2, 3`,
  },
  windows: {
    name: "verify-windows",
    text: `select ${msOf("window_start")} as start, channel, currency, tenant_id, ${columns} from rollup_15m ${ofDay}`,
  },
  hours: {
    name: "verify-hours",
    text: `select ${msOf("window_start")} as start, channel, currency, tenant_id, ${columns} from rollup_hour ${ofDay}`,
  },
  days: {
    name: "verify-days",
    text: `select 0::double precision as start, channel, currency, tenant_id, ${columns} from rollup_day ${ofDay}`,
  },
  items: {
    name: "verify-items",
    text: `
      select ${msOf("hour_start")} as hour_start, item_key, currency, tenant_id, quantity, gross, net
      from item_sales ${ofDay}`,
  },
  orderKeys: {
    name: "verify-order-keys",
    text: `select distinct order_key from ledger_entry ${ofDay}`,
  },
  headless: {
    name: "verify-headless-entries",
    text: `
      select order_key, ${sums} from ledger_entry entry
      ${ofDay} and not exists (select from order_head head where head.order_key = entry.order_key)
      group by order_key`,
  },
  posted: {
    name: "verify-posted",
    text: `select order_key, posted from order_head where order_key = any($1::bytea[]) and store_id = $2`,
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

interface Place {
  readonly start: number;
  readonly channel: number;
  readonly currency: string;
}

/** A sum over the ledger. A damaged entry may make it too large for a bigint of the database. */
type SumRow = Record<(typeof measures)[number], string> & Place;

type TierRow = Record<(typeof measures)[number], bigint> & Place & { readonly tenant_id: string };

interface ItemRow {
  readonly hour_start: number;
  readonly item_key: string;
  readonly currency: string;
  readonly tenant_id: string;
  readonly quantity: bigint;
  readonly gross: bigint;
  readonly net: bigint;
}

/** Ledger entries of an order without a head. */
type HeadlessRow = Record<(typeof measures)[number], string> & { readonly order_key: Buffer };

interface Day {
  readonly ledger: readonly SumRow[];
  readonly windows: readonly TierRow[];
  readonly hours: readonly TierRow[];
  readonly days: readonly TierRow[];
  readonly items: readonly ItemRow[];
  readonly posted: readonly Posted[];
  readonly headless: readonly HeadlessRow[];
}

/** The business dates on which a store has rows. */
export async function businessDatesOf(pool: Pool, storeId: string): Promise<string[]> {
  const { rows } = await runStatement<{ business_date: string }>(pool, statements.businessDates, [
    storeId,
  ]);
  return rows.map((row) => row.business_date);
}

/**
 * Compares one store's business day in every rollup, in one short transaction. Windows and the day are compared with
 * the ledger. Hours and item sales are compared with the heads of the day's orders, whose postings contain the local
 * hour. Resolves with the number of 15-minute windows with sales. A window whose sales cancel out may exist or not.
 */
export async function verifyBusinessDay(
  pool: Pool,
  { storeId, tenantId }: VerifiedStore,
  businessDate: string,
  differences: Differences,
  fold: Fold,
): Promise<number> {
  const day = await inTransaction(pool, (tx) => loadDay(tx, storeId, businessDate, fold), {
    isolation: "repeatable read",
    readOnly: true,
  });
  const name = `store ${storeId}, business date ${businessDate}`;
  for (const { order_key, ...row } of day.headless) {
    const key = `order without a head, key ${order_key.toString("hex")}, ${name}`;
    const found = new Map([[key, { amounts: sumsOf(row), texts: {} }]]);
    compareRows("ledger_entry", new Map(), found, differences);
  }
  const whose = { tenant_id: tenantId };
  const compare = (table: string, expected: Rows, found: FoundRows) =>
    compareRows(table, expected, found, differences, whose);
  const inWindow = ({ start, channel, currency }: Place) =>
    `${name}, ${instantText(start)}, ${channelText(channel)}, ${currency}`;
  const inDay = ({ channel, currency }: Place) => `${name}, ${channelText(channel)}, ${currency}`;
  compare("rollup_15m", summed(day.ledger, inWindow), foundRows(day.windows, inWindow));
  compare("rollup_hour", expectedHours(day, name, businessDate), foundRows(day.hours, inWindow));
  compare("rollup_day", summed(day.ledger, inDay), foundRows(day.days, inDay));
  compare("item_sales", expectedItems(day, name, businessDate), foundItems(day, name));
  return day.windows.filter((row) => measures.some((measure) => row[measure] !== 0n)).length;
}

async function loadDay(
  tx: Transaction,
  storeId: string,
  businessDate: string,
  fold: Fold,
): Promise<Day> {
  const select = async <Row extends object>(statement: Statement) =>
    (await runStatement<Row>(tx, statement, [storeId, businessDate])).rows;
  const keys = await select<{ order_key: Buffer }>(statements.orderKeys);
  const orderKeys = byteaArray(keys.map((row) => row.order_key));
  const posted = await runStatement<PostedBytes>(tx, statements.posted, [orderKeys, storeId]);
  return {
    ledger: await select<SumRow>(statements.ledger),
    windows: await select<TierRow>(statements.windows),
    hours: await select<TierRow>(statements.hours),
    days: await select<TierRow>(statements.days),
    items: await select<ItemRow>(statements.items),
    posted: await readPostings(tx, posted.rows, fold),
    headless: await select<HeadlessRow>(statements.headless),
  };
}

const sumsOf = (row: Readonly<Record<(typeof measures)[number], string>>) =>
  Object.fromEntries(measures.map((measure) => [measure, BigInt(row[measure])]));

function summed(rows: readonly SumRow[], keyOf: (row: Place) => string): Rows {
  const byKey = new Map<string, Record<string, bigint>>();
  for (const row of rows) addToRow(byKey, keyOf(row), sumsOf(row));
  return byKey;
}

function foundRows(rows: readonly TierRow[], keyOf: (row: Place) => string): FoundRows {
  return new Map(
    rows.map((row) => {
      const amounts = Object.fromEntries(measures.map((measure) => [measure, row[measure]]));
      return [keyOf(row), { amounts, texts: { tenant_id: row.tenant_id } }];
    }),
  );
}

function expectedHours(day: Day, name: string, businessDate: string): Rows {
  const rows = new Map<string, Record<string, bigint>>();
  for (const { entries, channel, currency } of day.posted) {
    for (const { hourStart, values, ...entry } of entries) {
      if (entry.businessDate !== businessDate) continue;
      const amounts = measures.map((measure, index) => [measure, values[index] ?? 0n]);
      const key = `${name}, ${instantText(hourStart)}, ${channelText(channel)}, ${currency}`;
      addToRow(rows, key, Object.fromEntries(amounts));
    }
  }
  return rows;
}

const itemName = (name: string, hourStart: number, item: string, currency: string) =>
  `${name}, ${instantText(hourStart)}, item ${item}, ${currency}`;

function expectedItems(day: Day, name: string, businessDate: string): Rows {
  const rows = new Map<string, Record<string, bigint>>();
  for (const { items, currency } of day.posted) {
    for (const { hourStart, itemKey, quantity, gross, net, ...item } of items) {
      if (item.businessDate !== businessDate) continue;
      addToRow(rows, itemName(name, hourStart, itemKey, currency), { quantity, gross, net });
    }
  }
  return rows;
}

const foundItems = (day: Day, name: string): FoundRows =>
  new Map(
    day.items.map(({ hour_start, item_key, currency, tenant_id, ...amounts }) => [
      itemName(name, hour_start, item_key, currency),
      { amounts, texts: { tenant_id } },
    ]),
  );
