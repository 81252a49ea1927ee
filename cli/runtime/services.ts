import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  buildHttpServer,
  enqueueJob,
  type Health,
  type HttpServer,
  makeAuthenticate,
  makeFileMail,
  makeHealth,
  makeSmtpMail,
  readSettings,
  runOutbox,
  type Scope,
  startRetention,
} from "@tillcast/core";
import { type Forecaster, forecasterSettings, startForecaster } from "@tillcast/forecaster";
import { gatewaySettings, prepareHttp, startGateway } from "@tillcast/gateway";
import { type Ingest, ingestSettings, startIngest } from "@tillcast/ingest";
import { startStreamProcessors, streamProcessorSettings } from "@tillcast/stream-processors";
import type { Installation } from "./installation.ts";

/** All services of one process, running. */
export interface Services {
  readonly http: HttpServer;
  readonly health: Health;
  readonly ingest: Ingest;
  readonly forecaster: Forecaster;
}

/** The sender of mails where no SMTP server is set. */
const mailSender = "tillcast@localhost";
const webDist = fileURLToPath(new URL("../../web/dist/", import.meta.url));

/**
 * Starts every service on one installation, in the order in which data flows backwards, so that nothing
 * is accepted before there is someone to settle it; the scope stops them the other way round: intake
 * first. The HTTP server does not listen yet.
 */
export async function startServices(scope: Scope, installation: Installation): Promise<Services> {
  const { database, eventLog, clock, log, metrics, settings } = installation;
  const shared = { database, eventLog, clock, log, metrics };
  const env = process.env;
  const health = makeHealth();
  health.register("database", async () => {
    await database.service.query("select 1");
  });

  const retention = startRetention({ eventLog, log });
  scope.defer(() => retention.stop());
  const mail =
    settings.TILLCAST_MAIL_URL === undefined
      ? makeFileMail(join(settings.TILLCAST_DATA_DIR, "mail"))
      : makeSmtpMail({ url: settings.TILLCAST_MAIL_URL, from: mailSender });
  const outbox = runOutbox({ pool: database.service, mail, log });
  scope.defer(() => outbox.stop());

  const processors = await startStreamProcessors({
    ...shared,
    settings: readSettings(streamProcessorSettings, env),
  });
  scope.defer(() => processors.stop());
  const forecaster = await startForecaster({
    ...shared,
    settings: readSettings(forecasterSettings, env),
  });
  scope.defer(() => forecaster.stop());

  const http = buildHttpServer({
    log,
    metrics,
    trustProxy: settings.TILLCAST_TRUST_PROXY === "on",
  });
  await prepareHttp(http);
  const authenticate = makeAuthenticate({ database, clock });
  const ingest = await startIngest({
    ...shared,
    http,
    authenticate,
    settings: readSettings(ingestSettings, env),
  });
  scope.defer(() => ingest.close());
  const requestable = (kind: string) => (tenantId: string) =>
    enqueueJob(database.service, { kind, tenantId, dedupeKey: tenantId, payload: {} });
  const gateway = await startGateway({
    ...shared,
    http,
    health,
    authenticate,
    jobs: {
      "train-forecast": requestable("train-forecast"),
      "predict-forecast": requestable("predict-forecast"),
    },
    settings: readSettings(gatewaySettings, env),
    webDist: existsSync(webDist) ? webDist : undefined,
  });
  scope.defer(() => gateway.stop());
  scope.defer(() => http.close());
  return { http, health, ingest, forecaster };
}
