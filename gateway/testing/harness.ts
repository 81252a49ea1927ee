import { makeAuthenticate, makeHttpAccess } from "@tillcast/accounts";
import {
  type ManualClock,
  makeHealth,
  makeManualClock,
  makeMetrics,
  openScope,
  readSettings,
  silentLogger,
} from "@tillcast/core";
import { addProbeRoutes, buildHttpServer, type HttpServer } from "@tillcast/core/http";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { type EventLog, openPostgresLog } from "@tillcast/event-log";
import { topics } from "@tillcast/schemas";
import { gatewaySettings } from "../config.ts";
import type { RequestableJobs } from "../deps.ts";
import { prepareHttp } from "../http/prepare-http.ts";
import { type Gateway, startGateway } from "../main.ts";

/** A gateway on a fresh database and a real log, for one test file. */
export interface GatewayHarness {
  readonly test: TestDatabase;
  readonly eventLog: EventLog;
  readonly http: HttpServer;
  readonly gateway: Gateway;
  readonly clock: ManualClock;
  /** Listens on a free port of the loopback and answers its address. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

/** Sunday at noon in Berlin. */
export const harnessNow: number = Date.parse("2026-03-01T11:07:00Z");

/** Opens a harness. */
export async function openGatewayHarness(
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly webDist?: string;
    /** The database instead of a fresh one; dropped with the harness. */
    readonly test?: TestDatabase;
    readonly jobs?: (database: TestDatabase["database"]) => RequestableJobs;
  } = {},
): Promise<GatewayHarness> {
  const scope = openScope();
  const test = options.test ?? (await createTestDatabase());
  scope.defer(() => test.drop());
  const metrics = makeMetrics();
  const clock = makeManualClock(harnessNow);
  const eventLog = await openPostgresLog({
    pool: test.database.service,
    url: test.url,
    log: silentLogger,
    metrics,
  });
  scope.defer(() => eventLog.close());
  await eventLog.ensureTopics(Object.values(topics));
  const authenticate = makeAuthenticate({ database: test.database, clock });
  const access = makeHttpAccess(authenticate);
  const http = buildHttpServer({ log: silentLogger, metrics, access });
  scope.defer(() => http.close());
  const health = makeHealth();
  await prepareHttp(http);
  addProbeRoutes(http, { health });
  const gateway = await startGateway({
    database: test.database,
    eventLog,
    http,
    clock,
    log: silentLogger,
    metrics,
    health,
    jobs: options.jobs?.(test.database) ?? {},
    authenticate,
    settings: readSettings(gatewaySettings, {
      TILLCAST_SIGN_IN_TRIES: "1000",
      ...options.env,
    }),
    webDist: options.webDist,
  });
  scope.defer(() => gateway.stop());
  await http.ready();
  return {
    test,
    eventLog,
    http,
    gateway,
    clock,
    listen: () => http.listen({ host: "127.0.0.1", port: 0 }),
    close: () => scope.close(),
  };
}
