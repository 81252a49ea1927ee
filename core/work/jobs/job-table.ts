import { randomUUID } from "node:crypto";
import type { ClientBase } from "pg";
import { resultTypes } from "../../database/result-types.ts";

/** Where a job stands. */
export type JobState = "queued" | "running" | "done" | "failed";

/** A visible piece of long work, as its row stands; instants in UTC milliseconds. */
export interface Job {
  readonly jobId: string;
  /** Null for work of the whole installation. */
  readonly tenantId: string | null;
  readonly kind: string;
  readonly state: JobState;
  readonly payload: unknown;
  /** 0 to 1. */
  readonly progress: number;
  readonly message: string;
  /** Why the last attempt failed. */
  readonly error: string | null;
  readonly attempts: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** What a statement runs on: a pool or a transaction. */
export type Queryable = Pick<ClientBase, "query">;

/** The columns of a `Job`, for `returning` and `select`. */
const jobColumns = `
  job_id as "jobId", tenant_id as "tenantId", kind, state, payload, progress, message, error, attempts,
  created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"`;

export interface NewJob {
  readonly kind: string;
  readonly tenantId?: string;
  /** JSON for the handler. */
  readonly payload?: unknown;
  /** While a job of this kind and key waits or runs, no second one is queued. */
  readonly dedupeKey?: string;
  /** How long the job waits before it may start. */
  readonly delayMs?: number;
}

const insertJob = `
  insert into job (job_id, tenant_id, kind, state, payload, dedupe_key, run_after)
  values ($1, $2, $3, 'queued', $4, $5, now() + $6 * interval '1 millisecond')
  on conflict (kind, dedupe_key) where state in ('queued', 'running') and dedupe_key is not null do nothing
  returning ${jobColumns}`;

const selectTwin = `
  select ${jobColumns} from job where kind = $1 and dedupe_key = $2 and state in ('queued', 'running')`;

/** Queues a job, and answers it; or the one that waits or runs under the same key. */
export async function enqueueJob(db: Queryable, job: NewJob): Promise<Job> {
  const values = [
    randomUUID(),
    job.tenantId ?? null,
    job.kind,
    JSON.stringify(job.payload ?? {}),
    job.dedupeKey ?? null,
    job.delayMs ?? 0,
  ];
  const triesMax = 5;
  for (let tries = 1; ; tries += 1) {
    const inserted = await queryJobs(db, insertJob, values);
    const twins =
      inserted.length > 0 ? inserted : await queryJobs(db, selectTwin, [job.kind, job.dedupeKey]);
    if (twins[0] !== undefined) return twins[0];
    // The twin finished between the two statements.
    if (tries >= triesMax) throw new Error(`job ${job.kind} could not be queued`);
  }
}

export interface JobFilter {
  readonly tenantId?: string;
  readonly kind?: string;
  readonly states?: readonly JobState[];
  /** Default 100. */
  readonly countMax?: number;
}

const selectJobs = `
  select ${jobColumns} from job
  where ($1::uuid is null or tenant_id = $1)
    and ($2::text is null or kind = $2)
    and ($3::text[] is null or state = any($3))
  order by created_at desc
  limit $4`;

/** The newest jobs first. Row security narrows them further on a tenant's connection. */
export async function listJobs(db: Queryable, filter: JobFilter = {}): Promise<readonly Job[]> {
  return queryJobs(db, selectJobs, [
    filter.tenantId ?? null,
    filter.kind ?? null,
    filter.states ?? null,
    filter.countMax ?? 100,
  ]);
}

/** One job, or undefined. */
export async function findJob(db: Queryable, jobId: string): Promise<Job | undefined> {
  const rows = await queryJobs(db, `select ${jobColumns} from job where job_id = $1`, [jobId]);
  return rows[0];
}

const claimNext = `
  update job set state = 'running', attempts = attempts + 1, started_at = now(), heartbeat_at = now(),
    progress = 0, message = '', error = null
  where job_id = (
    select job_id from job
    where state = 'queued' and run_after <= now() and kind = any($1)
    order by run_after
    limit 1
    for update skip locked)
  returning ${jobColumns}`;

/** Takes the job that has waited longest; no two workers get the same one. */
export async function claimJob(db: Queryable, kinds: readonly string[]): Promise<Job | undefined> {
  return (await queryJobs(db, claimNext, [kinds]))[0];
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

const finish = `
  update job set state = $3, error = $4, finished_at = case when $3 = 'queued' then null else now() end,
    progress = case when $3 = 'done' then 1 else progress end,
    attempts = attempts - $6::int,
    run_after = now() + $5 * interval '1 millisecond'
  where job_id = $1 and attempts = $2 and state = 'running'
  returning ${jobColumns}`;

export interface JobOutcome {
  readonly state: "done" | "failed" | "queued";
  readonly error?: string;
  /** Pause before a queued job is tried again. */
  readonly delayMs?: number;
  /** True when the attempt does not count, since we stopped it ourselves. */
  readonly isForgiven?: boolean;
}

/** Ends an attempt; undefined when it no longer holds the job. */
export async function settleJob(
  db: Queryable,
  job: Job,
  outcome: JobOutcome,
): Promise<Job | undefined> {
  const values = [
    job.jobId,
    job.attempts,
    outcome.state,
    outcome.error ?? null,
    outcome.delayMs ?? 0,
    outcome.isForgiven === true ? 1 : 0,
  ];
  return (await queryJobs(db, finish, values))[0];
}

const releaseAbandoned = `
  update job set state = case when attempts >= $2 then 'failed' else 'queued' end,
    error = 'the process that ran it ended',
    finished_at = case when attempts >= $2 then now() end
  where state = 'running' and heartbeat_at < now() - $1 * interval '1 millisecond' and kind = any($3)
  returning ${jobColumns}`;

/** Queues again what a dead process left running. */
export async function releaseAbandonedJobs(
  db: Queryable,
  silentMs: number,
  attemptsMax: number,
  kinds: readonly string[],
): Promise<readonly Job[]> {
  return queryJobs(db, releaseAbandoned, [silentMs, attemptsMax, kinds]);
}

async function queryJobs(db: Queryable, text: string, values: readonly unknown[]): Promise<Job[]> {
  const result = await db.query<Job>({ text, values: [...values], types: resultTypes });
  return result.rows;
}
