import { localHourStartOf, orderChannels } from "@tillcast/schemas";
import type { ExpectedTotal } from "@tillcast/simulator";
import type { Pool } from "pg";

/** A store as the simulator names it. */
export interface ComparedStore {
  readonly key: string;
  readonly storeId: string;
  readonly timeZone: string;
}

/** The tiers of the rollups; children sum to parents. */
export const tiers = ["rollup_15m", "rollup_hour", "rollup_day"] as const;
type Tier = (typeof tiers)[number];

const columns = ["net", "charges", "refund", "void", "tax", "tip", "orders"] as const;
type Column = (typeof columns)[number];
type Row = Record<Column, bigint>;

/** Rows named in the failure; one is enough to begin with. */
const namedMax = 10;

/**
 * Compares one tier of the given stores with what the simulator expects, and answers the rows that differ
 * as `key: expected ..., found ...`. Rows that cancelled out count as absent.
 */
export async function rollupDifferences(
  pool: Pool,
  tier: Tier,
  stores: readonly ComparedStore[],
  expected: readonly ExpectedTotal[],
): Promise<string[]> {
  const wanted = expectedRows(tier, stores, expected);
  const found = await storedRows(pool, tier, stores);
  const differences: string[] = [];
  for (const key of [...new Set([...wanted.keys(), ...found.keys()])].sort()) {
    const [one, other] = [shown(wanted.get(key)), shown(found.get(key))];
    if (one !== other) differences.push(`${tier} ${key}: expected ${one}, found ${other}`);
  }
  if (differences.length <= namedMax) return differences;
  return [...differences.slice(0, namedMax), `and ${differences.length - namedMax} more`];
}

function expectedRows(
  tier: Tier,
  stores: readonly ComparedStore[],
  expected: readonly ExpectedTotal[],
): Map<string, Row> {
  const zones = new Map(stores.map((store) => [store.key, store.timeZone]));
  const rows = new Map<string, Row>();
  for (const total of expected) {
    const { locationId, businessDate, channel, currency } = total;
    const start = startIn(tier, total.windowStart, zones.get(locationId) ?? "UTC");
    add(rows, [locationId, businessDate, start, channel, currency].join(" "), total);
  }
  return rows;
}

function startIn(tier: Tier, windowStart: number, timeZone: string): string {
  if (tier === "rollup_day") return "-";
  const start = tier === "rollup_15m" ? windowStart : localHourStartOf(windowStart, timeZone);
  return new Date(start).toISOString();
}

async function storedRows(
  pool: Pool,
  tier: Tier,
  stores: readonly ComparedStore[],
): Promise<Map<string, Row>> {
  const keys = new Map(stores.map((store) => [store.storeId, store.key]));
  const { rows: stored } = await pool.query<Record<string, string>>(
    `select store_id, business_date::text as business_date, channel, currency,
      ${tier === "rollup_day" ? "null" : "window_start"} as start,
      net, charge_service + charge_delivery as charges, refund, void, tax, tip, orders
    from ${tier}
    where store_id = any($1)`,
    [[...keys.keys()]],
  );
  const rows = new Map<string, Row>();
  for (const row of stored) {
    const start = row.start === null ? "-" : new Date(row.start as string).toISOString();
    const channel = orderChannels[Number(row.channel)];
    const store = keys.get(row.store_id as string) ?? row.store_id;
    const key = [store, row.business_date, start, channel, row.currency].join(" ");
    const values = columns.map((column) => [column, BigInt(row[column] as string)]);
    add(rows, key, Object.fromEntries(values) as Row);
  }
  return rows;
}

function add(rows: Map<string, Row>, key: string, values: Readonly<Row>): void {
  const row = rows.get(key);
  const sum = columns.map((column) => [column, (row?.[column] ?? 0n) + values[column]]);
  rows.set(key, Object.fromEntries(sum) as Row);
}

function shown(row: Row | undefined): string {
  const named = columns.filter((column) => row !== undefined && row[column] !== 0n);
  return named.map((column) => `${column} ${row?.[column]}`).join(" ") || "nothing";
}
