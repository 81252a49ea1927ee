import { makeAuthenticate, makeHttpAccess } from "@tillcast/accounts";
import { type Health, makeHealth, readSettings, type Scope } from "@tillcast/core";
import { assertChunksClosed } from "@tillcast/core/database";
import { addOperationRoutes, buildHttpServer, type HttpServer } from "@tillcast/core/http";
import { topics } from "@tillcast/schemas";
import { edgeSettings } from "../edge-settings.ts";
import { type Drain, prepareDrain } from "./drain.ts";
import type { Installation } from "./installation.ts";
import { answersCallers, type ServiceName, serviceNames } from "./roles.ts";
import type { Given, Ground, StartService } from "./services/ground.ts";

/** Some services of one process, running. */
export interface Services extends Given {
  readonly http: HttpServer;
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
 * other way round: intake first. The HTTP server does not listen yet.
 */
export async function startServices(
  scope: Scope,
  installation: Installation,
  wanted: readonly ServiceName[] = serviceNames,
): Promise<Services> {
  const { database, eventLog, clock, log, metrics, settings } = installation;
  const health = makeHealth();
  health.register("database", async () => {
    await database.service.query("select 1");
  });
  health.register("tenants apart", () => assertChunksClosed(database.service));
  health.register("event log", async () => {
    await eventLog.bounds(topics.orders.topic);
  });
  const edge = readSettings(edgeSettings, process.env);
  const authenticate = makeAuthenticate({ database, clock });
  const http = buildHttpServer({
    log,
    metrics,
    access: makeHttpAccess(authenticate),
    callers: {
      requestsPerSecond: edge.TILLCAST_REQUESTS_PER_SECOND,
      requestsAtOnce: edge.TILLCAST_REQUESTS_AT_ONCE,
    },
    trustProxy: settings.TILLCAST_TRUST_PROXY === "on",
  });
  const drain = prepareDrain(http, health);
  if (wanted.some(answersCallers)) {
    const { prepareHttp } = await import("@tillcast/gateway");
    await prepareHttp(http);
  }
  addOperationRoutes(http, { health, metrics });
  const ground: Ground = { ...installation, http, health, authenticate };
  let given: Given = {};
  for (const name of serviceNames.filter((one) => wanted.includes(one))) {
    const { startService } = await parts[name]();
    given = { ...given, ...(await startService(scope, ground)) };
  }
  scope.defer(() => http.close());
  return { ...given, http, health, drain };
}
