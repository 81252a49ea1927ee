import type { Clock, Logger } from "@tillcast/core";
import { runStatement, type Statement } from "@tillcast/core/database";
import { type Polling, startPolling } from "@tillcast/core/work";
import type { Pool } from "pg";
import { delaysKeptMs } from "./people/sign-in-delays.ts";

/** What is over is kept a little, so that the doctor and a person can still see it. */
const endedKeptMs = 86_400_000;
const sweepEveryMs = 3_600_000;
/** Rows of one statement: a short lock, and no long transaction. */
const rowsMax = 5_000;

/** Seven years and a day: the trigger of the table lets go of nothing younger. */
const auditKeptMs = (7 * 365.25 + 1) * 86_400_000;

const keyed = (name: string, table: string, key: string, isOver: string): Statement => ({
  name,
  text: `
    delete from ${table}
    where ${key} in (select ${key} from ${table} where ${isOver} limit ${rowsMax})`,
});

/** Each table that grows here, and from when on its rows are of no use. */
const sweeps: readonly { readonly statement: Statement; readonly keptMs: number }[] = [
  {
    statement: keyed(
      "sweep-sessions",
      "session",
      "token_hash",
      "expires_at < $1 or last_seen_at + idle_limit < $1",
    ),
    keptMs: endedKeptMs,
  },
  {
    statement: keyed("sweep-links", "sign_in_link", "token_hash", "expires_at < $1"),
    keptMs: endedKeptMs,
  },
  {
    statement: keyed("sweep-delays", "sign_in_delay", "counted", "failed_at < $1"),
    keptMs: delaysKeptMs,
  },
  {
    statement: keyed("sweep-browsers", "known_browser", "token_hash", "expires_at < $1"),
    keptMs: 0,
  },
  { statement: keyed("sweep-audit", "audit_event", "audit_id", "at < $1"), keptMs: auditKeptMs },
];

/** Deletes what is over: sessions, links, delays, known browsers, and the audit after seven years. */
export async function sweepAccounts(pool: Pool, nowMs: number): Promise<number> {
  let swept = 0;
  for (const { statement, keptMs } of sweeps) {
    const { rowCount } = await runStatement(pool, statement, [new Date(nowMs - keptMs)]);
    swept += rowCount ?? 0;
  }
  return swept;
}

/** Sweeps every hour, in every process that does background work; they take nothing from each other. */
export function startAccountSweep(deps: {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly log: Logger;
}): Polling {
  return startPolling({
    name: "account sweep",
    everyMs: sweepEveryMs,
    log: deps.log,
    step: async () => (await sweepAccounts(deps.pool, deps.clock.now())) >= rowsMax,
  });
}
