import { verifyTables } from "@tillcast/proofs";
import type { Pool } from "pg";
import { rollupDifferences, tiers } from "../../support/compare-rollups.ts";
import type { Expected } from "../load/expected.ts";
import { tenantId } from "../load/slice.ts";
import type { World } from "../world/world.ts";
import { untilSettled } from "./until-settled.ts";

/** The results for everything that was sent. */
export interface Balance {
  readonly sent: number;
  readonly counted: number;
  readonly parked: number;
  readonly rejected: number;
  readonly deadLettered: number;
  /** Acknowledged orders that are lost. */
  readonly lost: number;
  /** Orders that the ledger has more than once. */
  readonly twice: number;
}

export interface Findings {
  readonly balance: Balance;
  /** One sentence per violation. If empty, everything is correct. */
  readonly violations: readonly string[];
}

/**
 * Waits until everything is settled, then compares the tables with what was sent: every acknowledged order is in every
 * window exactly once, to the cent, and there is nothing else.
 */
export async function checkInvariant(
  world: World,
  expected: Expected,
  stallMaxMs: number,
): Promise<Findings> {
  const left = await untilSettled(world, expected.parkedIds.size, stallMaxMs);
  const pool = world.database.service;
  const balance = await balanceOf(pool, expected);
  const violations = left === undefined ? [] : [`unsettled: ${left}`];
  if (balance.lost > 0) violations.push(`lost: ${balance.lost} acknowledged orders`);
  if (balance.twice > 0) violations.push(`twice: ${balance.twice} orders`);
  const { sent, counted, parked, rejected, deadLettered } = balance;
  if (counted + parked + rejected + deadLettered !== sent) {
    violations.push(`balance: ${JSON.stringify(balance)}`);
  }
  for (const tier of tiers) {
    const differences = await rollupDifferences(pool, tier, expected.stores, expected.totals);
    violations.push(...differences.map((difference) => `cents: ${difference}`));
  }
  const verification = await verifyTables(pool);
  if (!verification.equal) {
    const [first] = verification.differences;
    violations.push(`verify: ${verification.differenceCount} rows, first ${textOf(first)}`);
  }
  return { balance, violations };
}

async function balanceOf(pool: Pool, expected: Expected): Promise<Balance> {
  const counted = await idsOf(pool, "select order_id as id from order_head where tenant_id = $1");
  const parked = await idsOf(
    pool,
    `select distinct order_id as id from parked_order
     where tenant_id = $1 and released_at is null`,
  );
  const dead = await deadLettersOf(pool, expected.poison);
  const twice = await pool.query<{ count: number }>(
    `select count(*)::int as count from (
       select order_key from ledger_entry group by order_key having sum(orders) > 1) as doubled`,
  );
  const isThere = (id: string) => counted.has(id) || parked.has(id);
  const acknowledged = [...expected.countedIds, ...expected.parkedIds];
  return {
    sent: acknowledged.length + expected.rejectedCount + expected.poison.size,
    counted: counted.size,
    parked: parked.size,
    rejected: expected.rejectedCount,
    deadLettered: dead,
    lost: acknowledged.filter((id) => !isThere(id)).length,
    twice: twice.rows[0]?.count ?? 0,
  };
}

async function idsOf(pool: Pool, sql: string): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ id: string }>(sql, [tenantId]);
  return new Set(rows.map(({ id }) => id));
}

/** Counts poison records that were set aside, once each, and all other dead letters. */
async function deadLettersOf(pool: Pool, poison: ReadonlySet<string>): Promise<number> {
  const { rows } = await pool.query<{ value: Buffer }>("select value from dead_letter");
  const texts = rows.map(({ value }) => value.toString("latin1"));
  // In both logs a value may start with a schema id.
  const found = texts.map((text) => /poison \d+ \d+$/.exec(text)?.[0]);
  const known = new Set(found.filter((text) => text !== undefined && poison.has(text)));
  return known.size + found.filter((text) => text === undefined).length;
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part));
}
