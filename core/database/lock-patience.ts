/**
 * Takes locks without stopping the traffic. Whoever waits for a table's lock makes everybody wait who comes
 * behind it, readers among them; so each try is short, and the pauses between tries let the traffic through.
 */

import pg from "pg";
import { appError } from "../errors.ts";
import { pause, retryPauseMs } from "../pause.ts";

/** One wait for a lock. Readers were stalled for 5 s by a wait of 5 s, and are for 0.3 s by this one. */
export const LOCK_TRY_MS = 300;

/** How long the tries go on: longer than a backup's slice or a slow report holds a table. */
export const LOCK_PATIENCE_MS = 60_000;

const pauses = { retryPauseMinMs: 200, retryPauseMaxMs: 2_000 };

/** PostgreSQL's `lock_not_available`. */
const lockNotAvailable = "55P03";

/** Sessions in a transaction that began before the last try. */
const selectHolders = `
  select pid, coalesce(nullif(application_name, ''), 'unnamed') as name,
    round(extract(epoch from now() - xact_start))::int as seconds
  from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()
    and xact_start < now() - interval '${LOCK_TRY_MS} ms'
  order by xact_start
  limit 5`;

/**
 * Runs `change` in a transaction of its own, again and again while it meets locks of others. Raises
 * `migrationBlocked` with the sessions that hold on once `patienceMs` is over, and any other fault at once.
 */
export async function withPatience(
  client: pg.ClientBase,
  name: string,
  change: () => Promise<void>,
  patienceMs: number = LOCK_PATIENCE_MS,
): Promise<void> {
  const startedAt = performance.now();
  for (let attempt = 0; ; attempt += 1) {
    await client.query("begin");
    try {
      await client.query(`set local lock_timeout = '${LOCK_TRY_MS}ms'`);
      await change();
      await client.query("commit");
      return;
    } catch (error) {
      await client.query("rollback").catch(() => undefined);
      if (!(error instanceof pg.DatabaseError) || error.code !== lockNotAvailable) {
        throw new Error(`migration ${name} failed: ${(error as Error).message}`, { cause: error });
      }
      const waitedMs = performance.now() - startedAt;
      if (waitedMs >= patienceMs) {
        const seconds = Math.round(waitedMs / 1_000);
        const holders = await holdersOf(client);
        throw appError("migrationBlocked", { name, seconds, holders }, { cause: error });
      }
    }
    await pause(retryPauseMs(attempt, pauses), new AbortController().signal);
  }
}

async function holdersOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query<{ pid: number; name: string; seconds: number }>(
    selectHolders,
  );
  if (rows.length === 0) return "by now nobody";
  return rows
    .map(({ pid, name, seconds }) => `${name}, process ${pid}, for ${seconds} s`)
    .join("; ");
}
