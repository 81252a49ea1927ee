import { randomUUID } from "node:crypto";
import { createApiKey, makeAuthenticate, makeHttpAccess } from "@tillcast/accounts";
import { type Metrics, makeMetrics, readSettings, silentLogger, systemClock } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import { buildHttpServer, type HttpServer } from "@tillcast/core/http";
import { createTestDatabase } from "@tillcast/core/testing";
import { type EventLog, openEventLog } from "@tillcast/event-log";
import { type OrderPushResponse, topics } from "@tillcast/schemas";
import { ingestSettings } from "../config.ts";
import { type Ingest, startIngest } from "../main.ts";

/** A tenant with one store in Berlin and a key that may push orders. */
export interface TestTenant {
  readonly tenantId: string;
  readonly storeId: string;
  readonly key: string;
}

/** The intake on a database of its own. */
export interface IngestHarness {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly http: HttpServer;
  readonly ingest: Ingest;
  readonly metrics: Metrics;
  readonly tenant: TestTenant;
  /** Starts another intake on the same database, with a log of its own. */
  startSecond(): Promise<{ close(): Promise<void> }>;
  /** Pushes with the tenant's key. */
  push(
    body: unknown,
    key?: string,
  ): Promise<{ status: number; body: OrderPushResponse; headers: Record<string, unknown> }>;
  get(url: string, key?: string): Promise<{ status: number; body: Record<string, unknown> }>;
  close(): Promise<void>;
}

/** Starts the intake; `env` changes settings. */
export async function startIngestHarness(env: Record<string, string> = {}): Promise<IngestHarness> {
  const test = await createTestDatabase();
  const { database } = test;
  const metrics = makeMetrics();
  const shared = { database, log: silentLogger, metrics, clock: systemClock };
  const openLog = () =>
    openEventLog({
      settings: { EVENT_LOG: "postgres", KAFKA_REPLICATION_FACTOR: 1, KAFKA_TLS: "off" },
      pool: database.service,
      url: test.url,
      log: silentLogger,
      metrics,
      applicationName: "tillcast-test",
    });
  const eventLog = await openLog();
  await eventLog.ensureTopics(Object.values(topics));
  const access = makeHttpAccess(makeAuthenticate(shared));
  const http = buildHttpServer({ log: silentLogger, metrics, access });
  const settings = readSettings(ingestSettings, env);
  const ingest = await startIngest({ ...shared, eventLog, http, settings });
  const tenant = await addTenant(database);
  const headersOf = (key: string) => ({ authorization: `Bearer ${key}` });
  return {
    database,
    eventLog,
    http,
    ingest,
    metrics,
    tenant,
    async startSecond() {
      const secondLog = await openLog();
      const another = buildHttpServer({ log: silentLogger, metrics, access });
      const options = { ...shared, eventLog: secondLog, http: another, settings };
      const second = await startIngest(options);
      return {
        async close() {
          await second.close();
          await secondLog.close();
        },
      };
    },
    async push(body, key = tenant.key) {
      const payload = typeof body === "string" ? body : JSON.stringify(body);
      const headers = { ...headersOf(key), "content-type": "application/json" };
      const answer = await http.inject({ method: "POST", url: "/v1/orders", payload, headers });
      return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
    },
    async get(url, key = tenant.key) {
      const answer = await http.inject({ url, headers: headersOf(key) });
      return { status: answer.statusCode, body: answer.json() };
    },
    async close() {
      await http.close();
      await ingest.close();
      await eventLog.close();
      await test.drop();
    },
  };
}

/** Makes a tenant with a store in Berlin. */
export async function addTenant(database: Database): Promise<TestTenant> {
  const tenantId = randomUUID();
  await database.service.query("insert into tenant (tenant_id, name) values ($1, 'Test')", [
    tenantId,
  ]);
  const storeId = randomUUID();
  await addStore(database, tenantId, storeId);
  const scopes = ["orders:write"] as const;
  const { key } = await createApiKey(database.service, { tenantId, scopes });
  return { tenantId, storeId, key };
}

/** Makes a store in Berlin whose business date turns at 04:00. */
export async function addStore(
  database: Database,
  tenantId: string,
  storeId: string,
  zone = "Europe/Berlin",
  currency = "EUR",
): Promise<void> {
  await database.service.query(
    "insert into store (store_id, tenant_id, name, time_zone, currency) values ($1, $2, 'Store', $3, $4)",
    [storeId, tenantId, zone, currency],
  );
  await database.service.query(
    "insert into store_closeout (store_id, tenant_id, effective_from, closeout_minute) values ($1, $2, '2000-01-01', 240)",
    [storeId, tenantId],
  );
}
