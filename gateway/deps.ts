import type { AccessWatch, Authenticate } from "@tillcast/accounts";
import type { Clock, Health, Logger, Metrics, Settings } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import type { HttpServer } from "@tillcast/core/http";
import type { Job } from "@tillcast/core/work";
import type { EventLog } from "@tillcast/event-log";
import type { gatewaySettings } from "./config.ts";
import type { LiveControl } from "./live/live-control.ts";

/** By kind, the jobs that people may ask for: each queues one of a tenant, or answers the one that waits. */
export type RequestableJobs = Readonly<Record<string, (tenantId: string) => Promise<Job>>>;

/** What the gateway stands on; the composition root gives it. */
export interface GatewayOptions {
  readonly database: Database;
  readonly eventLog: EventLog;
  /** Not yet listening. */
  readonly http: HttpServer;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly jobs: RequestableJobs;
  readonly authenticate: Authenticate;
  /** Tells when somebody may have lost access; without it, sockets are looked up on a timer only. */
  readonly access?: Pick<AccessWatch, "onChange">;
  readonly settings: Settings<typeof gatewaySettings>;
  /** The folder of the built web app; without it, a page says how to build it. */
  readonly webDist?: string | undefined;
}

/** What every route group gets. */
export interface GatewayDeps extends Omit<GatewayOptions, "http" | "webDist"> {
  readonly live: LiveControl;
}
