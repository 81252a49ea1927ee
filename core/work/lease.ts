/**
 * One process of all on a database does a piece of work that needs doing once: watching, scheduling. It
 * keeps the lease for as long as it lives, since such work remembers what it saw last.
 *
 * The lease is an advisory lock of a session. A killed process closes its connection; the server ends the
 * session of a stopped one, which is pinged while its process runs. For a moment after that two may believe
 * that the work is theirs, so it must do no harm when it is done twice.
 */

import type { Pool, PoolClient } from "pg";
import { type HeldConnection, holdConnection } from "../database/held-connection.ts";

/** A process's claim to a piece of work. */
export interface Lease {
  /** True when the work is this process's; takes a free lease, and asks the database each time. */
  isOurs(): Promise<boolean>;
  /** Gives the lease up to others. Safe to call twice. */
  close(): Promise<void>;
}

export interface LeaseOptions {
  readonly pool: Pool;
  /** What the work is called in the database, such as `feeds`. */
  readonly work: string;
}

/** Any number that the event log's groups do not use; the work's name is the other half of the key. */
const lockClass = 0x544d_0000;

/** A session that is silent for this long is ended, and its lease is free. */
const idleMaxMs = 15_000;
const pingMs = 4_000;

/** Makes a claim; it takes nothing before it is first asked. */
export function makeLease({ pool, work }: LeaseOptions): Lease {
  let held: (HeldConnection & { readonly ping: NodeJS.Timeout }) | undefined;
  let asking: Promise<boolean> | undefined;
  let isClosed = false;

  async function ask(): Promise<boolean> {
    if (held !== undefined && (await answers(held.client))) return true;
    letGo();
    const connection = await holdConnection(pool, letGo);
    const { client } = connection;
    try {
      if (isClosed || !(await takeLease(client, work))) {
        connection.giveBack();
        return false;
      }
    } catch (error) {
      connection.giveBack(error as Error);
      throw error;
    }
    const ping = setInterval(() => void answers(client), pingMs);
    ping.unref();
    held = { ...connection, ping };
    return true;
  }

  function letGo(): void {
    const last = held;
    held = undefined;
    if (last === undefined) return;
    clearInterval(last.ping);
    // The session ends with its connection, and so does its lock.
    last.giveBack(leaseGivenUp);
  }

  return {
    isOurs() {
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
    async close() {
      isClosed = true;
      await asking?.catch(() => undefined);
      // A closed connection's lock lasts until the server has noticed; this way the next has it at once.
      await held?.client.query(unlock, [lockClass, work]).catch(() => undefined);
      letGo();
    },
  };
}

/** Why the connection does not go back to its pool. */
const leaseGivenUp = new Error("the lease was given up");
const unlock = "select pg_advisory_unlock($1, hashtext($2))";

async function takeLease(client: PoolClient, work: string): Promise<boolean> {
  const { rows } = await client.query<{ granted: boolean }>(
    "select pg_try_advisory_lock($1, hashtext($2)) as granted",
    [lockClass, work],
  );
  if (rows[0]?.granted !== true) return false;
  await client.query(`set idle_session_timeout = ${idleMaxMs}`);
  return true;
}

async function answers(client: PoolClient): Promise<boolean> {
  try {
    await client.query("select 1");
    return true;
  } catch {
    return false;
  }
}
