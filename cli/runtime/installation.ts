import {
  appError,
  type Clock,
  type Logger,
  loadSecretKey,
  type Metrics,
  makeMetrics,
  readSettings,
  type Scope,
  type Settings,
  startTracing,
  systemClock,
} from "@tillcast/core";
import {
  connectOrStart,
  type Database,
  migrate,
  migrationFolder,
  openDatabase,
  startEmbeddedPostgres,
} from "@tillcast/core/database";
import { type EventLog, openEventLog } from "@tillcast/event-log";
import { topics } from "@tillcast/schemas";
import { edgeSettings } from "../edge-settings.ts";
import { eventLogSettings } from "../event-log-settings.ts";
import { installationSettings } from "../settings.ts";
import { applicationNameOf, isService, type Role } from "./roles.ts";

/** What every service and command stands on. */
export interface Installation {
  readonly settings: Settings<typeof installationSettings>;
  /** Connects as the database's owner; for migrations and replay. */
  readonly ownerUrl: string;
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** A command reads and copies much at a time, and a person who waits may end it. */
const commandLimits = { serviceStatementMs: 600_000, tenantStatementMs: 600_000 };

/**
 * Opens the installation that the environment names: the embedded database of the data folder (started
 * when it does not run, let go of by the last user) or a database of the operator's, migrated, with its
 * event log. A server also watches its embedded database and starts it again if it ends.
 */
export async function openInstallation(options: {
  readonly scope: Scope;
  readonly log: Logger;
  readonly role: Role;
}): Promise<Installation> {
  const { scope, log } = options;
  const settings = readSettings(installationSettings, process.env);
  const { DATABASE_URL: databaseUrl, TILLCAST_DATA_DIR: dataDir } = settings;
  let ownerUrl = databaseUrl;
  if (ownerUrl === undefined && isService(options.role)) {
    const faults = `DATABASE_URL is required by "tillcast ${options.role}"; without one, "tillcast start" runs every service on a database of its own`;
    throw appError("configInvalid", { faults });
  }
  if (ownerUrl === undefined) {
    const start = options.role === "server" ? startEmbeddedPostgres : connectOrStart;
    const server = await start({ dataDir, log });
    scope.defer(() => server.stop());
    ownerUrl = server.url;
  }
  await loadSecretKey({ dataDir, env: process.env });
  await migrate({ url: ownerUrl, directory: migrationFolder, log });
  const applicationName = applicationNameOf(options.role);
  const metrics = makeMetrics({ processMetrics: options.role !== "command" });
  if (options.role !== "command") {
    const serviceName = settings.OTEL_SERVICE_NAME ?? applicationName.replace(" ", "-");
    const tracing = startTracing({ settings, serviceName, log, metrics });
    scope.defer(() => tracing.stop());
  }
  let isClosing = false;
  const database = openDatabase({
    url: ownerUrl,
    readUrl: settings.DATABASE_READ_URL,
    applicationName,
    limits: {
      tenantReadsAtOnce: readSettings(edgeSettings, process.env).TILLCAST_TENANT_READS_AT_ONCE,
      ...(options.role === "command" && commandLimits),
    },
    // The error carries the whole connection, which nobody wants to read.
    onError: ({ message }) => {
      if (!isClosing) log.warn({ reason: message }, "idle database connection lost");
    },
  });
  scope.defer(() => {
    isClosing = true;
    return database.close();
  });
  const eventLog = await openEventLog({
    settings: readSettings(eventLogSettings, process.env),
    pool: database.service,
    url: ownerUrl,
    applicationName,
    log,
    metrics,
  });
  scope.defer(() => eventLog.close());
  await eventLog.ensureTopics(Object.values(topics));
  return { settings, ownerUrl, database, eventLog, clock: systemClock, log, metrics };
}
