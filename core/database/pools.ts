import type { Duplex } from "node:stream";
import pg from "pg";
import { isUnanswered } from "./database-errors.ts";
import { makeTenantShare, type TenantShare } from "./tenant-share.ts";
import { sessionName } from "./written-shape.ts";

/** The roles that sessions take; row security has its policies for each. */
export const databaseRoles = { service: "tillcast_service", tenant: "tillcast_tenant" } as const;

/** The schema that holds every table. */
export const databaseSchema = "tillcast";

/** Three pools on one database by what row security lets them see, and a connection to look after it. */
export interface Database {
  /** Sees all tenants; for processors, jobs and sign-in. */
  readonly service: pg.Pool;
  /** Sees only the tenant named by `asTenant`; for requests that write. */
  readonly tenant: pg.Pool;
  /** As `tenant`, on the replica where there is one; for dashboards. */
  readonly read: pg.Pool;
  /** Whatever reads for a tenant goes through this, on `tenant` and on `read`. */
  readonly share: TenantShare;
  /** One connection each, which callers cannot fill: whether the database, or the replica, answers. */
  readonly probes: { readonly main: pg.Pool; readonly read: pg.Pool };
  /** Ends all pools. Safe to call twice. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** A replica's address; `url` when absent. */
  readonly readUrl?: string | undefined;
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Hears of idle connections that broke; the pool has already replaced them. */
  readonly onError?: (error: Error) => void;
  readonly limits?: Partial<PoolLimits>;
}

export interface PoolLimits {
  /** Most connections of each pool. Three pools of 12 leave room below the server's 100. */
  readonly connectionsMax: number;
  /** How long a caller waits for a free connection, or for a new one to open. */
  readonly connectTimeoutMs: number;
  /** How long an idle connection is kept. */
  readonly idleTimeoutMs: number;
  /** Longest statement of a service; the server ends a longer one. */
  readonly serviceStatementMs: number;
  /** Longest statement of a request. */
  readonly tenantStatementMs: number;
  /** Reads of one tenant that hold a connection at the same time. */
  readonly tenantReadsAtOnce: number;
}

const defaultLimits: PoolLimits = {
  connectionsMax: 12,
  connectTimeoutMs: 5_000,
  idleTimeoutMs: 30_000,
  // A partition is settled again within 30 s of a connection that stays silent.
  serviceStatementMs: 18_000,
  tenantStatementMs: 5_000,
  // Half of the connections, so that one tenant's long reads leave the other half to its neighbours.
  tenantReadsAtOnce: 6,
};

/** A page of 500 stores asks for a snapshot of each, and several come back at once after a restart. */
const tenantReadsWaitingMax = 1_000;

/** Probes usually wait no longer than two seconds. */
const probeMs = 2_000;

/**
 * How much longer than the server the driver waits for an answer. Behind a network that swallows bytes the
 * server's own limit is not heard; the connection is then given up, and its work done again on another.
 */
const silenceMs = 3_000;

/** Opens the pools; connections are made when first used. */
export function openDatabase(options: DatabaseOptions): Database {
  const service = makePool(options, options.url, databaseRoles.service);
  const tenant = makePool(options, options.url, databaseRoles.tenant);
  const read =
    options.readUrl === undefined
      ? tenant
      : makePool(options, options.readUrl, databaseRoles.tenant);
  const main = makeProbe(options, options.url);
  const probes = {
    main,
    read: options.readUrl === undefined ? main : makeProbe(options, options.readUrl),
  };
  const limits = { ...defaultLimits, ...options.limits };
  const share = makeTenantShare({
    atOnce: limits.tenantReadsAtOnce,
    waitingMax: tenantReadsWaitingMax,
    waitMs: limits.connectTimeoutMs,
  });
  const pools = new Set([service, tenant, read, probes.main, probes.read]);
  let closing: Promise<void> | undefined;
  return {
    service,
    tenant,
    read,
    share,
    probes,
    close() {
      closing ??= Promise.all([...pools].map((pool) => pool.end())).then(() => undefined);
      return closing;
    },
  };
}

/** One connection that nothing else uses. */
const makeProbe = (options: DatabaseOptions, url: string): pg.Pool =>
  makePool(
    {
      ...options,
      limits: { connectionsMax: 1, connectTimeoutMs: probeMs, serviceStatementMs: probeMs },
    },
    url,
    databaseRoles.service,
  );

function makePool(options: DatabaseOptions, url: string, role: string): pg.Pool {
  const limits = { ...defaultLimits, ...options.limits };
  const isService = role === databaseRoles.service;
  const statementMs = isService ? limits.serviceStatementMs : limits.tenantStatementMs;
  const pool = new pg.Pool({
    connectionString: url,
    application_name: sessionName(options.applicationName),
    options: sessionOptions(role, statementMs),
    query_timeout: statementMs + silenceMs,
    max: limits.connectionsMax,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    idleTimeoutMillis: limits.idleTimeoutMs,
    keepAlive: true,
  });
  // Without a listener a connection cut while idle would end the process.
  pool.on("error", (error) => options.onError?.(error));
  closeIdleBesideSilent(pool);
  return pool;
}

/**
 * Where one connection stays silent, those that idle beside it are likely as dead: they are closed too, or
 * each of them would cost its user the whole wait.
 */
function closeIdleBesideSilent(pool: pg.Pool): void {
  const idle = new Set<pg.PoolClient>();
  pool.on("acquire", (client) => idle.delete(client));
  pool.on("remove", (client) => idle.delete(client));
  pool.on("release", (error, client) => {
    if (!isUnanswered(error)) {
      idle.add(client);
      return;
    }
    for (const other of idle) {
      (other as pg.PoolClient & { connection: { stream: Duplex } }).connection.stream.destroy();
    }
    idle.clear();
  });
}

/**
 * Startup options of a session: role, schema, and UTC so that no statement depends on the machine.
 * A stopped process must not hold its row locks for ever, nobody waits for them for ever, and a statement
 * that is given a limit in milliseconds ends there.
 */
export function sessionOptions(role: string, statementMs?: number): string {
  const settings = {
    ...(statementMs === undefined ? {} : { statement_timeout: statementMs }),
    role,
    search_path: databaseSchema,
    timezone: "UTC",
    lock_timeout: "10s",
    idle_in_transaction_session_timeout: "15s",
  };
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ");
}
