import type { Clock, Logger, Metrics } from "@tillcast/core";
import { openScope } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import type { HttpServer } from "@tillcast/core/http";
import { registerRouteGroups } from "@tillcast/core/http";
import { announceJob, runJobs } from "@tillcast/core/work";
import type { EventLog } from "@tillcast/event-log";
import type { HeartbeatPush, OrderPushResponse } from "@tillcast/schemas";
import type { z } from "zod";
import { acceptOrders, type PushedOrders } from "./accept/accept-orders.ts";
import { makeIngestMetrics } from "./accept/ingest-metrics.ts";
import { makeKnownVersions } from "./accept/known-versions.ts";
import type { IngestSettings } from "./config.ts";
import { makeParkedQuota } from "./parking/parked-quota.ts";
import { startReleasing } from "./parking/start-releasing.ts";
import { makeFeedProofs } from "./places/feed-proofs.ts";
import { makeStoreLookup } from "./places/store-lookup.ts";
import { reappendKind } from "./reappend/reappend-job.ts";
import type { IngestRouteDeps } from "./route-deps.ts";
import { followInboxes } from "./sources/inbox/follow-inboxes.ts";
import { acceptHeartbeat } from "./sources/push/accept-heartbeat.ts";
import { makeAdmission } from "./sources/push/admission.ts";

/** What ingest needs. The composition root provides it. */
export interface IngestOptions {
  readonly database: Database;
  readonly eventLog: EventLog;
  /** Not listening yet, with the access rules. Ingest adds its routes. */
  readonly http: HttpServer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly settings: IngestSettings;
  /** Whether to read the tenants' inboxes. Default true; a command leaves that to the servers. */
  readonly readsInboxes?: boolean;
}

/** Running ingest. */
export interface Ingest {
  /** Accepts orders from this process, without the limits of API keys; see `acceptOrders`. */
  accept(pushed: PushedOrders): Promise<OrderPushResponse>;
  /** Accepts a heartbeat from this process. */
  acceptHeartbeat(tenantId: string, heartbeat: z.output<typeof HeartbeatPush>): Promise<void>;
  /** Releases parked orders now. Resolves with how many were released. */
  releaseNow(): Promise<number>;
  /** Stops timers and stores what is in memory. Close the server first. Safe to call twice. */
  close(): Promise<void>;
}

/** Starts ingest: routes, proofs of life, the release of parked orders, and the job that moves a feed's orders. */
export async function startIngest(options: IngestOptions): Promise<Ingest> {
  const { database, eventLog, clock, log, settings } = options;
  const scope = openScope();
  const metrics = makeIngestMetrics(options.metrics);
  const stores = makeStoreLookup(database, { feedsMax: settings.INGEST_FEEDS_MAX });
  const parkedQuota = makeParkedQuota(database, {
    ordersMax: settings.INGEST_PARKED_ORDERS_MAX,
    bytesMax: settings.INGEST_PARKED_BYTES_MAX,
  });
  const versions = makeKnownVersions(database);
  const admission = makeAdmission({
    inFlightOrdersMax: settings.INGEST_IN_FLIGHT_ORDERS_MAX,
    keyOrdersPerSecond: settings.INGEST_KEY_ORDERS_PER_SECOND,
  });
  options.metrics.gauge({
    name: "ingest_in_flight_orders",
    help: "Orders between arrival and answer.",
    collect: (gauge) => gauge.set(admission.inFlight()),
  });
  const proofs = makeFeedProofs(database, log);
  scope.defer(() => proofs.close());
  const releaseDeps = { database, eventLog, clock, stores, metrics, log };
  const releasing = startReleasing(releaseDeps, settings.INGEST_RELEASE_INTERVAL_MS);
  scope.defer(() => releasing.close());
  const jobs = runJobs({
    pool: database.service,
    kinds: [reappendKind(releaseDeps)],
    log,
    onChange: (job) => announceJob({ eventLog, clock, log }, job),
  });
  scope.defer(() => jobs.stop());
  const deps: IngestRouteDeps = {
    database,
    eventLog,
    clock,
    stores,
    parkedQuota,
    versions,
    proofs,
    metrics,
    admission,
    settings,
  };
  if (options.readsInboxes !== false) {
    const inboxes = followInboxes({ ...deps, log }, settings);
    scope.defer(() => inboxes.close());
  }
  await registerRouteGroups(options.http, new URL("./routes/", import.meta.url), deps);
  return {
    accept: (pushed) => acceptOrders(deps, pushed),
    acceptHeartbeat: async (tenantId, heartbeat) => {
      await acceptHeartbeat(deps, { tenantId, storeIds: null }, heartbeat);
    },
    releaseNow: () => releasing.runNow(),
    close: () => scope.close(),
  };
}
