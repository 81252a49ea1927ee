import { randomUUID } from "node:crypto";
import type { ClientBase } from "pg";
import { resultTypes } from "../../database/result-types.ts";

/** Where a job stands. */
export type JobState = "queued" | "running" | "done" | "failed";

/**
 * How a job ended: done; refused, since trying again would change nothing; gave up after its last attempt; or
 * lost with the processes that ran it.
 */
export type JobEnd = "done" | "refused" | "gave_up" | "lost";

/** A visible piece of long work, as its row stands; instants in UTC milliseconds. */
export interface Job {
  readonly jobId: string;
  /** Null for work of the whole installation. */
  readonly tenantId: string | null;
  readonly kind: string;
  readonly state: JobState;
  readonly payload: unknown;
  /** Of the jobs under one key one runs at a time. */
  readonly queueKey: string | null;
  /** 0 to 1. */
  readonly progress: number;
  readonly message: string;
  /** Why the last attempt failed. */
  readonly error: string | null;
  /** Null before the end, and where an earlier release ended it. */
  readonly outcome: JobEnd | null;
  readonly attempts: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** What a statement runs on: a pool or a transaction. */
export type Queryable = Pick<ClientBase, "query">;

/** The columns of a `Job`, for `returning` and `select`. */
export const jobColumns = `
  job_id as "jobId", tenant_id as "tenantId", kind, state, payload, queue_key as "queueKey", progress, message,
  error, outcome, attempts, created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"`;

export interface NewJob {
  readonly kind: string;
  readonly tenantId?: string;
  /** JSON for the handler. */
  readonly payload?: unknown;
  /** While a job of this kind and key waits or runs, no second one is queued. */
  readonly dedupeKey?: string;
  /** Of all jobs under this key, of whatever kind, one runs at a time; the others wait. */
  readonly queueKey?: string;
  /** Higher ones start first; default 0. */
  readonly priority?: number;
  /** How long the job waits before it may start. */
  readonly delayMs?: number;
}

/**
 * A statement that changes the state of jobs writes down that they changed, for whoever follows them; it answers
 * the jobs.
 */
export const tellingJobs = (statement: string): string => `
  with changed as (${statement}
    returning job.*
  ), told as (
    insert into change (kind, tenant_id, subject) select 'job', tenant_id, job_id from changed
  )
  select ${jobColumns} from changed`;

const insertJob = tellingJobs(`
  insert into job (job_id, tenant_id, kind, state, payload, dedupe_key, run_after, queue_key, priority)
  values ($1, $2, $3, 'queued', $4, $5, now() + $6 * interval '1 millisecond', $7, $8)
  on conflict (kind, dedupe_key) where state in ('queued', 'running') and dedupe_key is not null do nothing`);

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
    job.queueKey ?? null,
    job.priority ?? 0,
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

/** Those of some jobs that there still are. */
export async function findJobs(db: Queryable, jobIds: readonly string[]): Promise<readonly Job[]> {
  return queryJobs(db, `select ${jobColumns} from job where job_id = any($1::uuid[])`, [jobIds]);
}

/** Runs a statement that answers jobs. */
export async function queryJobs(
  db: Queryable,
  text: string,
  values: readonly unknown[],
): Promise<Job[]> {
  const result = await db.query<Job>({ text, values: [...values], types: resultTypes });
  return result.rows;
}
