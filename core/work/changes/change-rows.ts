/**
 * What changed is a row of the transaction that changed it, so that no committed change goes untold: whoever
 * wrote it says it at once, and where that fails the publisher says it later.
 */

import { topics } from "@tillcast/schemas";
import type { ClientBase, Pool } from "pg";
import { resultTypes } from "../../database/result-types.ts";

/** What changes are about. */
export type ChangeKind = "forecast" | "feed" | "job";

/** The topic that tells of each. */
export const changeTopics: Readonly<Record<ChangeKind, string>> = {
  forecast: topics.forecasts.topic,
  feed: topics.feeds.topic,
  job: topics.jobs.topic,
};

/** A change that is to be told. */
export interface NewChange {
  readonly kind: Exclude<ChangeKind, "job">;
  readonly tenantId: string;
  /** The store; records of one store stay in order. */
  readonly subject: string;
  /** The record that tells of it. */
  readonly record: Buffer;
}

/** A change that waits to be told. */
export interface WaitingChange {
  readonly changeId: bigint;
  readonly kind: ChangeKind;
  readonly subject: string;
  /** Null where it is made of the row as it stands. */
  readonly record: Buffer | null;
}

const insertChanges = `
  insert into change (kind, tenant_id, subject, record)
  select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::bytea[])
  returning change_id as "changeId", kind, subject, record`;

/** Writes down, in the caller's transaction, what is to be told once that commits. */
export async function recordChanges(
  tx: Pick<ClientBase, "query">,
  changes: readonly NewChange[],
): Promise<readonly WaitingChange[]> {
  if (changes.length === 0) return [];
  const { rows } = await tx.query<WaitingChange>({
    text: insertChanges,
    values: [
      changes.map(({ kind }) => kind),
      changes.map(({ tenantId }) => tenantId),
      changes.map(({ subject }) => subject),
      changes.map(({ record }) => record),
    ],
    types: resultTypes,
  });
  return rows;
}

const selectWaiting = `
  select change_id as "changeId", kind, subject, record
  from change
  where at < now() - $1 * interval '1 millisecond'
  order by change_id
  limit $2`;

/** The oldest changes that were not told within some time. */
export async function loadWaitingChanges(
  pool: Pool,
  { olderThanMs, maxCount }: { readonly olderThanMs: number; readonly maxCount: number },
): Promise<readonly WaitingChange[]> {
  const { rows } = await pool.query<WaitingChange>({
    text: selectWaiting,
    values: [olderThanMs, maxCount],
    types: resultTypes,
  });
  return rows;
}

const deleteChanges = "delete from change where change_id = any($1::bigint[])";

/** Forgets changes that were told. */
export async function forgetChanges(pool: Pool, changes: readonly WaitingChange[]): Promise<void> {
  await pool.query(deleteChanges, [changes.map(({ changeId }) => changeId)]);
}
