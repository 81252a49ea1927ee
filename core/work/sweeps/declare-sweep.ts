/** Every table that grows says what of it goes, and when. */

import type { Statement } from "../../database/run-statement.ts";

/** What is swept out of one table. */
export interface Sweep {
  readonly table: string;
  /** What goes, such as `sessions that expired`. */
  readonly what: string;
  /** How long it stays after that. */
  readonly days: number;
  /** Why so long, and no longer. */
  readonly because: string;
  /** Sweeps rows that are older than $1 days, $2 at most. */
  readonly statement: Statement;
}

const declared = new Map<string, Sweep>();

/** Declares a sweep; a table has one. */
export function declareSweep(sweep: Sweep): Sweep {
  if (declared.has(sweep.table)) throw new Error(`two sweeps of the table ${sweep.table}`);
  declared.set(sweep.table, sweep);
  return sweep;
}

/** A sweep that deletes rows by a key of one column, once an instant of theirs is long enough ago. */
export interface AgedRows extends Omit<Sweep, "statement"> {
  readonly key: string;
  /** An expression of the row's columns: the instant from which the age counts. Null keeps the row. */
  readonly since: string;
}

/** Declares the usual sweep, which deletes what is old. */
export function declareDeletion({ key, since, ...sweep }: AgedRows): Sweep {
  const { table } = sweep;
  return declareSweep({
    ...sweep,
    statement: {
      name: `sweep-${table}`,
      text: `
        delete from ${table} where ${key} = any(array(
          select ${key} from ${table} where ${since} < now() - $1 * interval '1 day' limit $2))`,
    },
  });
}

/** The sweeps of all modules that are loaded, by table. */
export function declaredSweeps(): readonly Sweep[] {
  return [...declared.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}
