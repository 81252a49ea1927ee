import type { Database } from "@tillcast/core/database";
import { type HoldGroup, loadHolds } from "@tillcast/event-log";
import { type Check, notice, ok } from "./check.ts";

/** Bases and backups that hold the log, and whether this database came from one. */
export async function checkCopies(pool: Database["service"]): Promise<Check[]> {
  return [
    await checkHolds(pool, "archive", "bases"),
    await checkHolds(pool, "backup", "backups"),
    ...(await checkRestore(pool)),
  ];
}

async function checkHolds(
  pool: Database["service"],
  group: HoldGroup,
  name: string,
): Promise<Check> {
  const holds = await loadHolds(pool, group);
  const [oldest] = holds;
  const newest = holds.at(-1);
  if (oldest === undefined || newest === undefined) return ok(name, "none holds the log");
  const last = `the newest of ${utcOf(newest.takenAt)} in ${newest.location}`;
  const since = `${holds.length}, ${last}; the log is kept from ${utcOf(oldest.takenAt)} on`;
  return ok(name, since);
}

async function checkRestore(pool: Database["service"]): Promise<Check[]> {
  const { rows } = await pool.query<{ at: Date; subject: string; who: string }>(
    `select at, subject, who from operator_audit where action = 'restore' order by at desc limit 1`,
  );
  const [last] = rows;
  if (last === undefined) return [];
  const detail = `from backup ${last.subject} at ${utcOf(last.at.getTime())} by ${last.who}`;
  return [notice("restored", detail)];
}

/** To the second; a person reads it. */
const utcOf = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;
