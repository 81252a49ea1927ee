/** Who runs a job: claiming, proof of life, and the end of an attempt. */

import type { Pool } from "pg";
import { inTransaction } from "../../database/transaction.ts";
import type { KindLimits } from "./job-kind.ts";
import {
  type Job,
  type JobEnd,
  jobColumns,
  type Queryable,
  queryJobs,
  tellingJobs,
} from "./job-rows.ts";

const selectIsAnyDue = `
  select exists (
    select from job where state = 'queued' and run_after <= now() and kind = any($1)) as due`;

/** Claims go one after another: what one counts as running, the next must see. */
const awaitTurn = "select pg_advisory_xact_lock(hashtextextended('tillcast job claim', 0))";

const claimNext = tellingJobs(`
  update job set state = 'running', attempts = attempts + 1, started_at = now(), heartbeat_at = now(),
    progress = 0, message = '', error = null
  where job_id = (
    select waiting.job_id
    from job waiting
    join unnest($1::text[], $2::int[]) as allowed (kind, per_tenant) on allowed.kind = waiting.kind
    where waiting.state = 'queued' and waiting.run_after <= now()
      and (waiting.queue_key is null or not exists (
        select from job busy where busy.state = 'running' and busy.queue_key = waiting.queue_key))
      and (waiting.tenant_id is null or allowed.per_tenant > (
        select count(*) from job busy
        where busy.state = 'running' and busy.kind = waiting.kind and busy.tenant_id = waiting.tenant_id))
    order by waiting.priority desc, waiting.run_after
    limit 1
    for update of waiting skip locked)`);

/**
 * Takes the most urgent job that may run, of those equally urgent the one that has waited longest. No two
 * workers get the same one, nor two of one queue key, nor more of a tenant's than its kind allows.
 */
export async function claimJob(pool: Pool, kinds: readonly KindLimits[]): Promise<Job | undefined> {
  const names = kinds.map(({ kind }) => kind);
  const { rows } = await pool.query<{ due: boolean }>(selectIsAnyDue, [names]);
  if (rows[0]?.due !== true) return undefined;
  return inTransaction(pool, async (tx) => {
    await tx.query(awaitTurn);
    const claimed = await queryJobs(tx, claimNext, [
      names,
      kinds.map(({ perTenant }) => perTenant),
    ]);
    return claimed[0];
  });
}

const saveProgressOf = `
  update job set heartbeat_at = now(), progress = $3, message = $4
  where job_id = $1 and attempts = $2 and state = 'running'
  returning ${jobColumns}`;

/** Stores progress and proof of life; undefined when this attempt no longer holds the job. */
export async function saveProgress(
  db: Queryable,
  job: Job,
  progress: number,
  message: string,
): Promise<Job | undefined> {
  return (await queryJobs(db, saveProgressOf, [job.jobId, job.attempts, progress, message]))[0];
}

const endAttempt = tellingJobs(`
  update job set state = $3, error = $4, outcome = $7,
    finished_at = case when $3 = 'queued' then null else now() end,
    progress = case when $3 = 'done' then 1 else progress end,
    attempts = attempts - $6::int,
    run_after = now() + $5 * interval '1 millisecond'
  where job_id = $1 and attempts = $2 and state = 'running'`);

/** How an attempt ended: its job too, or to be tried again after a pause. */
export type AttemptEnd =
  | { readonly end: JobEnd; readonly error?: string }
  | {
      readonly end: "again";
      readonly delayMs?: number;
      readonly error?: string;
      /** True when the attempt does not count, since we stopped it ourselves. */
      readonly isForgiven?: boolean;
    };

/** Ends an attempt; undefined when it no longer holds the job. */
export async function settleJob(
  db: Queryable,
  job: Job,
  outcome: AttemptEnd,
): Promise<Job | undefined> {
  const isAgain = outcome.end === "again";
  const values = [
    job.jobId,
    job.attempts,
    isAgain ? "queued" : outcome.end === "done" ? "done" : "failed",
    outcome.error ?? null,
    isAgain ? (outcome.delayMs ?? 0) : 0,
    isAgain && outcome.isForgiven === true ? 1 : 0,
    isAgain ? null : outcome.end,
  ];
  return (await queryJobs(db, endAttempt, values))[0];
}

const releaseAbandoned = tellingJobs(`
  update job set
    state = case when attempts >= attempts_max then 'failed' else 'queued' end,
    outcome = case when attempts >= attempts_max then 'lost' end,
    finished_at = case when attempts >= attempts_max then now() end,
    error = 'the process that ran it ended'
  from unnest($2::text[], $3::int[]) as released (released_kind, attempts_max)
  where kind = released_kind and state = 'running'
    and heartbeat_at < now() - $1 * interval '1 millisecond'`);

/** Queues again what a dead process left running. */
export async function releaseAbandonedJobs(
  db: Queryable,
  silentMs: number,
  kinds: readonly KindLimits[],
): Promise<readonly Job[]> {
  return queryJobs(db, releaseAbandoned, [
    silentMs,
    kinds.map(({ kind }) => kind),
    kinds.map(({ attemptsMax }) => attemptsMax),
  ]);
}
