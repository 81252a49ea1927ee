import {
  type AccessWatch,
  limitFailedCredentials,
  makeAuthenticate,
  makeHttpAccess,
  watchAccess,
} from "@tillcast/accounts";
import { type Health, makeHealth, readSettings, type Scope } from "@tillcast/core";
import { assertChunksClosed } from "@tillcast/core/database";
import {
  addProbeRoutes,
  buildHttpServer,
  buildOperationsServer,
  type HttpServer,
} from "@tillcast/core/http";
import { topics } from "@tillcast/schemas";
import { edgeSettings } from "../edge-settings.ts";
import { eventLogSettings } from "../event-log-settings.ts";
import { type Drain, prepareDrain } from "./drain.ts";
import type { Installation } from "./installation.ts";
import { answersCallers, type ServiceName, serviceNames } from "./roles.ts";
import type { Given, Ground, StartService } from "./services/ground.ts";

/** Some services of one process, running. */
export interface Services extends Given {
  readonly http: HttpServer;
  /** For whoever runs the product, on an address of its own. */
  readonly operations: HttpServer;
  readonly health: Health;
  readonly drain: Drain;
}

/** One file each, loaded only where the service runs: a processor needs no socket server. */
const parts: Readonly<Record<ServiceName, () => Promise<{ startService: StartService }>>> = {
  process: () => import("./services/process.ts"),
  forecast: () => import("./services/forecast.ts"),
  ingest: () => import("./services/ingest.ts"),
  gateway: () => import("./services/gateway.ts"),
};

/**
 * Starts services on one installation, all of them unless told which, in the order in which data flows
 * backwards, so that nothing is accepted before there is someone to settle it; the scope stops them the
 * other way round: intake first. Neither HTTP server listens yet.
 */
export async function startServices(
  scope: Scope,
  installation: Installation,
  wanted: readonly ServiceName[] = serviceNames,
): Promise<Services> {
  const { database, eventLog, clock, log, metrics, settings } = installation;
  const isLogInDatabase = readSettings(eventLogSettings, process.env).EVENT_LOG === "postgres";
  const health = makeHealth();
  health.register("database", async () => {
    await database.probes.main.query("select 1");
  });
  health.register("tenants apart", () => assertChunksClosed(database.probes.main));
  health.register("event log", async () => {
    // A log in the database is asked by the connection that callers cannot fill.
    if (isLogInDatabase) await database.probes.main.query("select from log_partition limit 1");
    else await eventLog.bounds(topics.orders.topic);
  });
  const edge = readSettings(edgeSettings, process.env);
  const authenticate = limitFailedCredentials(
    makeAuthenticate({ database, clock }),
    edge.TILLCAST_FAILED_CREDENTIALS_PER_MINUTE,
  );
  const http = buildHttpServer({
    log,
    metrics,
    access: makeHttpAccess(authenticate),
    callers: {
      requestsPerSecond: edge.TILLCAST_REQUESTS_PER_SECOND,
      requestsAtOnce: edge.TILLCAST_REQUESTS_AT_ONCE,
    },
    trustProxy: settings.TILLCAST_TRUST_PROXY,
  });
  const operations = buildOperationsServer({ log, metrics, health });
  scope.defer(() => operations.close());
  const drain = prepareDrain(http, health);
  let access: AccessWatch | undefined;
  if (wanted.some(answersCallers)) {
    const watch = await watchAccess({ pool: database.service, log });
    scope.defer(() => watch.stop());
    access = watch;
    const { prepareHttp } = await import("@tillcast/gateway");
    await prepareHttp(http);
  }
  addProbeRoutes(http, { health });
  const ground: Ground = { ...installation, http, health, authenticate, ...(access && { access }) };
  let given: Given = {};
  for (const name of serviceNames.filter((one) => wanted.includes(one))) {
    const { startService } = await parts[name]();
    given = { ...given, ...(await startService(scope, ground)) };
  }
  scope.defer(() => http.close());
  return { ...given, http, operations, health, drain };
}
