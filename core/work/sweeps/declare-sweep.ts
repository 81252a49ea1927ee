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

/** The sweeps of all modules that are loaded, by table. */
export function declaredSweeps(): readonly Sweep[] {
  return [...declared.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}
