/**
 * Takes table locks without stopping other traffic. A session that waits for a table lock makes all later sessions wait,
 * including readers. So each attempt is short, and the pauses between attempts let other sessions through.
 */

import pg from "pg";
import { appError } from "../errors.ts";
import { pause, retryPauseMs } from "../pause.ts";

/** How long one attempt waits for a lock. Readers wait as long: 5 s before, 0.3 s now. */
export const LOCK_TRY_MS = 300;

/** How long attempts are repeated: longer than a backup's slice or a slow report holds a table. */
export const LOCK_PATIENCE_MS = 60_000;

const pauses = { retryPauseMinMs: 200, retryPauseMaxMs: 2_000 };

/** PostgreSQL's `lock_not_available`. */
const lockNotAvailable = "55P03";

/** Sessions in a transaction that started before the last attempt. */
const selectHolders = `
  select pid, coalesce(nullif(application_name, ''), 'unnamed') as name,
    round(extract(epoch from now() - xact_start))::int as seconds
  from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()
    and xact_start < now() - interval '${LOCK_TRY_MS} ms'
  order by xact_start
  limit 5`;

/**
 * Runs `change` in a transaction of its own, and repeats it while other sessions hold locks. After `patienceMs` it throws
 * `migrationBlocked` with these sessions. It throws any other error at once.
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
