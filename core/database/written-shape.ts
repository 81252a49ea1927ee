/**
 * In which shape records are written. A release reads the shape of the release before and its own; it writes
 * that of the release before until an operator turns it, once no older process is at work. A database that
 * was made by this release begins with the new shape.
 *
 * The turn is a row of the `migration` table marked as breaking: older releases refuse a database that has
 * it, so that none of them can come back to records that it does not read.
 */

import type { Pool } from "pg";

/** The row that says that the shapes of this release are written. */
export const shapeMark = "202612010001-shape-2";

/**
 * What stands behind a session's name, so that a turn knows who reads this release's shapes. Names that do not
 * begin with `tillcast ` are nobody's who reads records.
 */
export const sessionMark = "shape 2";

/** A session's name in `pg_stat_activity`, with the newest shape that its process reads. */
export const sessionName = (name: string): string =>
  name.startsWith("tillcast ") ? `${name}, ${sessionMark}` : name;

/** The name without what stands behind it. */
export const plainSessionName = (name: string): string => name.replace(/, shape \d+$/, "");

/** A process asks again after this time; a turn is heard of that soon. */
const askedAgainMs = 2_000;

const selectTurn = "select applied_at from migration where name = $1";

interface Known {
  hasTurned: boolean;
  asking: Promise<boolean> | undefined;
  askedAtMs: number;
}

/** What this process knows, by the pool it asks with. */
const known = new WeakMap<Pool, Known>();

/** Whether the shapes of this release are written; asks the database every few seconds until they are. */
export function hasTurned(pool: Pool): Promise<boolean> {
  const one = known.get(pool) ?? { hasTurned: false, asking: undefined, askedAtMs: 0 };
  known.set(pool, one);
  // There is no way back.
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

/** When the turn was made; null while the shapes of the release before are written. */
export async function turnedAt(pool: Pick<Pool, "query">): Promise<Date | null> {
  const { rows } = await pool.query<{ applied_at: Date }>(selectTurn, [shapeMark]);
  return rows[0]?.applied_at ?? null;
}
