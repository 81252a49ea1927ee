import type { Pool } from "pg";
import { runStatement } from "../../database/run-statement.ts";
import type { JobContext, JobKind } from "../jobs/job-kind.ts";
import type { Sweep } from "./declare-sweep.ts";

/** Rows that one statement sweeps: few enough to hold no lock for long. */
const sliceMaxCount = 1_000;

/** The kind of job that sweeps, once a night over all processes; one table after the other. */
export const sweepKind = (pool: Pool, sweeps: readonly Sweep[]): JobKind => ({
  name: "sweep",
  atOnce: 1,
  cron: "17 3 * * *",
  run: (_job, context) => sweepAll(pool, sweeps, context),
});

/** Sweeps every table; a sweep that fails keeps no other from its turn, and the first fault is thrown at the end. */
async function sweepAll(
  pool: Pool,
  sweeps: readonly Sweep[],
  { progress, signal }: JobContext,
): Promise<void> {
  const swept: string[] = [];
  const faults: unknown[] = [];
  for (const [index, sweep] of sweeps.entries()) {
    try {
      const count = await sweepTable(pool, sweep, signal);
      if (count > 0) swept.push(`${count} ${sweep.what}`);
    } catch (error) {
      signal.throwIfAborted();
      faults.push(error);
    }
    progress(
      (index + 1) / sweeps.length,
      swept.length === 0 ? "nothing to sweep" : swept.join(", "),
    );
  }
  if (faults.length > 0) throw faults[0];
}

/** Sweeps one table until nothing of it is old, and answers how many rows that were. */
export async function sweepTable(
  pool: Pool,
  { statement, days }: Sweep,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  for (;;) {
    signal.throwIfAborted();
    const { rowCount } = await runStatement(pool, statement, [days, sliceMaxCount]);
    count += rowCount ?? 0;
    if ((rowCount ?? 0) < sliceMaxCount) return count;
  }
}
