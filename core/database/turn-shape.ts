/** Switches the shape in which records are written; see `written-shape.ts`. */

import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { auditAction } from "../audit/operator-audit.ts";
import { appError } from "../errors.ts";
import { connectClient } from "./held-connection.ts";
import { migrationLock } from "./migrate.ts";
import { databaseSchema } from "./pools.ts";
import { sessionMark, shapeMark, turnedAt } from "./written-shape.ts";

export interface TurnOptions {
  /** Connects as the database's owner, which sees all sessions. */
  readonly ownerUrl: string;
  /** How long to look for older processes. A process without an active session is not visible at once. */
  readonly lookMs: number;
  readonly nowMs: number;
}

/** Sessions of processes that cannot read this release's shapes. */
const selectOlder = `
  select distinct application_name as name from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid()
    and starts_with(application_name, 'tillcast ')
    and position('${sessionMark}' in application_name) = 0
  order by name`;

const insertMark = "insert into migration (name, is_breaking) values ($1, true)";

const connectionTo = (ownerUrl: string): pg.ClientConfig => ({
  connectionString: ownerUrl,
  application_name: "tillcast command",
  options: `-c search_path=${databaseSchema} -c timezone=UTC`,
});

/** Pause between two checks of the sessions. */
const betweenLooksMs = 250;

/**
 * Switches to this release's shapes. Resolves with false if they are written already. Throws while a process of an older
 * release runs. It holds the migration lock, so that starting processes wait; an older one then refuses the database.
 */
export async function turnShape({ ownerUrl, lookMs, nowMs }: TurnOptions): Promise<boolean> {
  const client = await connectClient(connectionTo(ownerUrl));
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    if ((await turnedAt(client)) !== null) return false;
    await refuseOlder(client, lookMs);
    await client.query("begin");
    await client.query(insertMark, [shapeMark]);
    await auditAction(client, {
      at: nowMs,
      action: "log shape",
      subject: shapeMark,
      before: { written: "the release before's" },
      after: { written: "this release's" },
    });
    await client.query("commit");
    return true;
  } finally {
    await client.end();
  }
}

/** The running processes of older releases, queried as the owner. */
export async function loadOlderAtWork(ownerUrl: string): Promise<string[]> {
  const client = await connectClient(connectionTo(ownerUrl));
  try {
    return await olderAtWork(client);
  } finally {
    await client.end();
  }
}

async function olderAtWork(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(selectOlder);
  return rows.map(({ name }) => name);
}

async function refuseOlder(client: pg.Client, lookMs: number): Promise<void> {
  for (let left = lookMs; ; left -= betweenLooksMs) {
    const names = await olderAtWork(client);
    if (names.length > 0) {
      const reason = `processes of an older release read the log and the tables: ${names.join(", ")}`;
      throw appError("conflict", { reason });
    }
    if (left <= 0) return;
    await pause(betweenLooksMs);
  }
}
