/**
 * Decides the shape in which records are written. A release reads its own shape and the one of the release before. It
 * writes the older shape until an operator switches it, when no older process runs. A database that this release
 * created starts with the new shape.
 *
 * The switch is a row of the `migration` table that is marked as breaking. Older releases refuse such a database, so
 * that none of them meets records that it cannot read.
 */

import type { Pool } from "pg";

/** The row that marks the switch to this release's shapes. */
export const shapeMark = "202612010001-shape-2";

/**
 * A suffix of session names, which tells that a process reads this release's shapes. Sessions whose names do not start
 * with `tillcast ` read no records.
 */
export const sessionMark = "shape 2";

/** A session's name in `pg_stat_activity`, with the newest shape that its process reads. */
export const sessionName = (name: string): string =>
  name.startsWith("tillcast ") ? `${name}, ${sessionMark}` : name;

/** The name without the suffix. */
export const plainSessionName = (name: string): string => name.replace(/, shape \d+$/, "");

/** How often a process checks for the switch. */
const askedAgainMs = 2_000;

const selectTurn = "select applied_at from migration where name = $1";

interface Known {
  hasTurned: boolean;
  asking: Promise<boolean> | undefined;
  askedAtMs: number;
}

/** The cached answers of this process, by pool. */
const known = new WeakMap<Pool, Known>();

/** Whether this release's shapes are written. Queries the database every few seconds until they are. */
export function hasTurned(pool: Pool): Promise<boolean> {
  const one = known.get(pool) ?? { hasTurned: false, asking: undefined, askedAtMs: 0 };
  known.set(pool, one);
  // The switch is final.
  if (one.hasTurned) return Promise.resolve(true);
  if (one.asking === undefined || performance.now() - one.askedAtMs >= askedAgainMs) {
    one.askedAtMs = performance.now();
    one.asking = ask(pool, one).catch((error: unknown) => {
      one.asking = undefined;
      throw error;
    });
  }
  return one.asking;
}

async function ask(pool: Pool, one: Known): Promise<boolean> {
  one.hasTurned = (await turnedAt(pool)) !== null;
  return one.hasTurned;
}

/** When the switch was made; null while the older shapes are written. */
export async function turnedAt(pool: Pick<Pool, "query">): Promise<Date | null> {
  const { rows } = await pool.query<{ applied_at: Date }>(selectTurn, [shapeMark]);
  return rows[0]?.applied_at ?? null;
}
