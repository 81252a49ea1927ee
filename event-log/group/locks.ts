/** Advisory locks have two numbers: the group's class, and a partition (0 and up) or a member (below 0). */

import type { Session } from "@tillcast/core/database";

/** Added to our classes so that they differ from those of other software: "TL" in the upper half. */
export const lockClassBase = 0x544c0000;

/** A member takes a random key below this, and negates it. */
export const memberKeyMax: number = 2 ** 31;

interface LockRow {
  readonly lock_class: string;
  readonly lock_key: string;
}

const selectLocksSql = `
  select classid::bigint as lock_class, objid::bigint as lock_key from pg_locks
  where locktype = 'advisory' and objsubid = 2 and granted and classid::bigint = any($1::bigint[])
    and database = (select oid from pg_database where datname = current_database())`;

/** The keys that any session holds, by class. */
export async function selectLocks(
  session: Session,
  classes: readonly number[],
): Promise<ReadonlyMap<number, readonly number[]>> {
  const locks = new Map<number, number[]>();
  for (const row of await session.query<LockRow>(selectLocksSql, [classes])) {
    const ofClass = locks.get(Number(row.lock_class)) ?? [];
    // The view shows keys without their sign.
    ofClass.push(Number(row.lock_key) | 0);
    locks.set(Number(row.lock_class), ofClass);
  }
  return locks;
}

/** Takes a lock if it is free. The session keeps it until it unlocks it or ends. */
export async function tryLock(session: Session, lockClass: number, key: number): Promise<boolean> {
  const rows = await session.query<{ granted: boolean }>(
    "select pg_try_advisory_lock($1::int, $2::int) as granted",
    [lockClass, key],
  );
  return rows[0]?.granted === true;
}

/** Releases a lock. */
export async function unlock(session: Session, lockClass: number, key: number): Promise<void> {
  await session.query("select pg_advisory_unlock($1::int, $2::int)", [lockClass, key]);
}
