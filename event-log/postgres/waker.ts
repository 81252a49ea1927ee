/**
 * Wakes readers when records arrive. Readers in this process wake at once, readers in other processes by a
 * notification for several appends. A slow poll wakes them if a notification is lost. Appends wait for none
 * of this.
 */

import { randomUUID } from "node:crypto";
import type { Logger } from "@tillcast/core";
import { openDedicatedConnection } from "@tillcast/core/database";
import { declareLoop, startLoop } from "@tillcast/core/work";
import type pg from "pg";
import type { LogEnds } from "./ends.ts";
import type { PostgresLogLimits } from "./postgres-limits.ts";

export interface WakerDeps {
  readonly pool: pg.Pool;
  readonly url: string;
  /** Shown in `pg_stat_activity`, followed by the connection's task. */
  readonly applicationName: string;
  readonly log: Logger;
  readonly ends: LogEnds;
  readonly limits: PostgresLogLimits;
}

export interface Waker {
  /** Tells readers in all processes that a partition ends at `end`. */
  announce(ordinal: number, partition: number, end: bigint): void;
  /** Queries the ends of the topics that have readers. */
  poll(): Promise<void>;
  close(): Promise<void>;
}

const channel = "tillcast_event_log";
/** PostgreSQL's limit is 8,000 bytes. One entry takes up to about 30. */
const entriesPerNotification = 200;

const selectEndsSql = `
  select ordinal, partition, next_offset from log_partition where ordinal = any($1::smallint[])`;

const endsLoop = declareLoop({
  name: "log ends",
  does: "asks where the followed topics end, should a notification be lost",
  every: 250,
  first: "after a rest",
});

/** Starts the waker. `close` sends the last notifications. */
export function startWaker(deps: WakerDeps): Waker {
  const { ends, limits } = deps;
  const sender = randomUUID();
  let pending = new Map<string, bigint>();
  let notifyTimer: NodeJS.Timeout | undefined;
  let lastNotifiedAt = Number.NEGATIVE_INFINITY;
  let polling: Promise<void> | undefined;

  const connection = openDedicatedConnection({
    url: deps.url,
    applicationName: `${deps.applicationName} log notifications`,
    // A lost notification does no harm, so its commit does not wait for the disk.
    settings: { synchronous_commit: "off" },
    log: deps.log,
    onOpen: async (client) => {
      client.on("notification", (message) => onNotification(message.payload ?? ""));
      await client.query(`listen ${channel}`);
    },
  });
  const loop = startLoop(endsLoop, { everyMs: limits.pollIntervalMs, log: deps.log, step: poll });

  function onNotification(payload: string): void {
    const [from, ...entries] = payload.split(" ");
    if (from === sender) return;
    for (const entry of entries) {
      const [ordinal, partition, end] = entry.split(":");
      if (end !== undefined) ends.advance(Number(ordinal), Number(partition), BigInt(end));
    }
  }

  async function notify(): Promise<void> {
    notifyTimer = undefined;
    lastNotifiedAt = performance.now();
    const session = connection.session();
    const entries = [...pending].map(([partition, end]) => `${partition}:${end}`);
    pending = new Map();
    // Without a connection, the polls of the other processes find the records.
    if (session === undefined) return;
    try {
      for (let at = 0; at < entries.length; at += entriesPerNotification) {
        const part = entries.slice(at, at + entriesPerNotification);
        await session.query("select pg_notify($1, $2)", [channel, [sender, ...part].join(" ")]);
      }
    } catch (error) {
      connection.discard(error);
    }
  }

  function poll(): Promise<void> {
    polling ??= selectEnds().finally(() => {
      polling = undefined;
    });
    return polling;
  }

  async function selectEnds(): Promise<void> {
    const watched = ends.watchedOrdinals();
    if (watched.length === 0) return;
    try {
      const { rows } = await deps.pool.query<{
        ordinal: number;
        partition: number;
        next_offset: string;
      }>({ name: "log-ends", text: selectEndsSql, values: [watched] });
      for (const row of rows) ends.advance(row.ordinal, row.partition, BigInt(row.next_offset));
    } catch (error) {
      deps.log.debug({ err: error }, "poll of the event log failed");
    }
  }

  return {
    announce(ordinal, partition, end) {
      ends.advance(ordinal, partition, end);
      pending.set(`${ordinal}:${partition}`, end);
      // At once after a quiet time. The timer still combines the entries of one append.
      const dueInMs = lastNotifiedAt + limits.notifyIntervalMs - performance.now();
      notifyTimer ??= setTimeout(() => void notify(), Math.max(dueInMs, 0));
    },
    poll,
    async close() {
      await loop.stop();
      clearTimeout(notifyTimer);
      await notify();
      await polling;
      await connection.close();
    },
  };
}
