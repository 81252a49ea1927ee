/** Jobs that queue themselves: one run over all processes, by a row for each kind. */

import type { Pool } from "pg";
import { resultTypes } from "../../database/result-types.ts";
import { inTransaction, type Transaction } from "../../database/transaction.ts";
import { nextCronTime } from "./cron.ts";
import type { JobKind } from "./job-kind.ts";
import { enqueueJob, type Job } from "./job-rows.ts";

/** A kind that has a schedule. */
export type ScheduledKind = JobKind & { readonly cron: string };

/** Whether a kind has a schedule. */
export const isScheduled = (kind: JobKind): kind is ScheduledKind => kind.cron !== undefined;

const selectNow = "select now()";

const saveSchedule = `
  insert into job_schedule (kind, cron, next_at)
  values ($1, $2, to_timestamp($3::double precision / 1000))
  on conflict (kind) do update set cron = excluded.cron, next_at = excluded.next_at
  where job_schedule.cron <> excluded.cron`;

/** Writes down when a kind is next due; a time that is written already stays unless the schedule changed. */
export async function saveSchedules(pool: Pool, kinds: readonly ScheduledKind[]): Promise<void> {
  if (kinds.length === 0) return;
  const nowMs = await databaseNow(pool);
  for (const { name, cron } of kinds) {
    await pool.query(saveSchedule, [name, cron, nextCronTime(cron, nowMs)]);
  }
}

const selectDue = `
  select kind, cron from job_schedule
  where kind = any($1) and next_at <= now()
  order by kind
  for update skip locked`;

const advance = `
  update job_schedule set last_at = now(), next_at = to_timestamp($2::double precision / 1000) where kind = $1`;

interface DueSchedule {
  readonly kind: string;
  readonly cron: string;
}

/**
 * Queues what is due by now; whichever process comes first does, and the others find the next time. Times that
 * passed while no process ran are made up for by one job.
 */
export async function queueScheduledJobs(
  pool: Pool,
  kinds: readonly ScheduledKind[],
): Promise<readonly Job[]> {
  if (kinds.length === 0) return [];
  return inTransaction(pool, async (tx) => {
    const { rows } = await tx.query<DueSchedule>(selectDue, [kinds.map(({ name }) => name)]);
    if (rows.length === 0) return [];
    const nowMs = await databaseNow(tx);
    const queued: Job[] = [];
    for (const { kind, cron } of rows) {
      await tx.query(advance, [kind, nextCronTime(cron, nowMs)]);
      // One that still waits or runs is enough.
      queued.push(await enqueueJob(tx, { kind, dedupeKey: "schedule" }));
    }
    return queued;
  });
}

/** The database's clock is the one that all processes share. */
async function databaseNow(db: Pick<Transaction, "query">): Promise<number> {
  const { rows } = await db.query<{ now: number }>({ text: selectNow, types: resultTypes });
  return rows[0]?.now as number;
}
