/** One connection apart from the pools that is opened again whenever it breaks. */

import pg from "pg";
import type { Logger } from "../logging.ts";
import { pause, retryPauseMs } from "../pause.ts";
import { databaseRoles, sessionOptions } from "./pools.ts";
import { sessionName } from "./written-shape.ts";

export interface DedicatedConnectionOptions {
  readonly url: string;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Server settings of the session, such as `idle_session_timeout`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** Runs on every new connection before it counts as open. */
  readonly onOpen?: (client: pg.Client) => Promise<void>;
  /** Runs once a new connection counts as open. */
  readonly onReady?: () => void;
  /** Runs once for each connection that is lost. */
  readonly onLost?: () => void;
  readonly log: Logger;
}

/** One connection from its opening to its loss; statements run one after another. */
export interface Session {
  query<Row extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface DedicatedConnection {
  /** The open connection; undefined while there is none. */
  session(): Session | undefined;
  /** Gives this connection up as broken; another one is opened. */
  discard(reason: unknown): void;
  close(): Promise<void>;
}

const connectTimeoutMs = 5_000;
/** Statements on these connections are tiny; one that hangs means that the connection does. */
const statementTimeoutMs = 5_000;
const endTimeoutMs = 1_000;
const reopenPause = { retryPauseMinMs: 100, retryPauseMaxMs: 5_000 };

/** Opens the connection in the background and keeps it open. */
export function openDedicatedConnection(options: DedicatedConnectionOptions): DedicatedConnection {
  const closing = new AbortController();
  let current: { readonly client: pg.Client; readonly session: Session } | undefined;
  const done = keepOpen();

  async function keepOpen(): Promise<void> {
    for (let attempt = 0; !closing.signal.aborted; attempt += 1) {
      try {
        await useOneConnection(() => {
          attempt = -1;
        });
      } catch (error) {
        options.log.warn({ err: error, connection: options.applicationName }, "connection failed");
      }
      if (!closing.signal.aborted) {
        await pause(retryPauseMs(Math.max(attempt, 0), reopenPause), closing.signal);
      }
    }
  }

  /** Lives as long as one connection. */
  async function useOneConnection(onOpened: () => void): Promise<void> {
    const client = makeClient(options);
    const lost = new Promise<void>((resolve) => {
      client.on("error", () => resolve());
      client.on("end", () => resolve());
      closing.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    try {
      await client.connect();
      await options.onOpen?.(client);
      if (closing.signal.aborted) return;
      current = { client, session: makeSession(client) };
      onOpened();
      options.onReady?.();
      await lost;
    } finally {
      const wasOpen = current !== undefined;
      current = undefined;
      if (wasOpen) options.onLost?.();
      // A server that hangs must not hold us here.
      const ended = client.end().catch(() => undefined);
      await Promise.race([
        ended,
        new Promise((resolve) => setTimeout(resolve, endTimeoutMs).unref()),
      ]);
    }
  }

  return {
    session: () => current?.session,
    discard(reason) {
      if (current === undefined) return;
      options.log.warn({ reason, connection: options.applicationName }, "connection given up");
      current.client.emit("error", reason instanceof Error ? reason : new Error(String(reason)));
    },
    close() {
      closing.abort();
      return done;
    },
  };
}

function makeSession(client: pg.Client): Session {
  let last: Promise<unknown> = Promise.resolve();
  return {
    query<Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
      const answer = last.then(() => client.query<Row>(text, [...values]));
      last = answer.catch(() => undefined);
      return answer.then((result) => result.rows);
    },
  };
}

function makeClient(options: DedicatedConnectionOptions): pg.Client {
  const settings = Object.entries(options.settings ?? {}).map(
    ([name, value]) => `-c ${name}=${value}`,
  );
  return new pg.Client({
    connectionString: options.url,
    application_name: sessionName(options.applicationName),
    options: [sessionOptions(databaseRoles.service), ...settings].join(" "),
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs,
    keepAlive: true,
  });
}
