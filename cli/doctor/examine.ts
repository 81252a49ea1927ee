import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Logger, makeMetrics, readSettings, type Scope } from "@tillcast/core";
import { connectClient, connectOrStart, openDatabase } from "@tillcast/core/database";
import { openEventLog } from "@tillcast/event-log";
import { eventLogSettings } from "../event-log-settings.ts";
import { isServed } from "../runtime/is-served.ts";
import { applicationNameOf } from "../runtime/roles.ts";
import { installationSettings } from "../settings.ts";
import { type Check, failed, notice, ok } from "./check.ts";
import { checkCopies } from "./copy-checks.ts";
import { checkDataFolder } from "./data-folder-checks.ts";
import { checkDatabase } from "./database-checks.ts";
import { checkLog } from "./log-checks.ts";
import { checkDisk, checkRuntime } from "./machine-checks.ts";
import { checkOrders } from "./order-checks.ts";

/** Looks at everything an installation stands on, and changes nothing: no migration, no new database. */
export async function examine(scope: Scope, log: Logger): Promise<readonly Check[]> {
  const settings = readSettings(installationSettings, process.env);
  const { DATABASE_URL: databaseUrl, TILLCAST_DATA_DIR: dataDir } = settings;
  const checks = [
    ...checkRuntime(),
    ...(await checkDataFolder(dataDir, process.env)),
    await checkDisk(dataDir),
  ];
  if (databaseUrl === undefined && !existsSync(join(dataDir, "postgres-secret"))) {
    return [...checks, notice("database", "there is none yet; npm start makes it")];
  }
  let ownerUrl = databaseUrl;
  try {
    if (ownerUrl === undefined) {
      const server = await connectOrStart({ dataDir, log });
      scope.defer(() => server.stop());
      ownerUrl = server.url;
    }
    return [...checks, ...(await examineDatabase(scope, log, ownerUrl))];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [...checks, failed("database", `cannot be used: ${reason}`)];
  }
}

async function examineDatabase(scope: Scope, log: Logger, ownerUrl: string): Promise<Check[]> {
  const application_name = applicationNameOf("command");
  const owner = await connectClient({ connectionString: ownerUrl, application_name });
  scope.defer(() => owner.end());
  const hasServer = await isServed(ownerUrl, "process");
  const server = hasServer ? ok("server", "running") : notice("server", "none counts orders");
  const checks = await checkDatabase(owner);
  // The log's tables come with the migrations.
  if (checks.some((check) => check.name === "migrations" && check.state === "failed"))
    return [...checks, server];
  const database = openDatabase({ url: ownerUrl, applicationName: application_name });
  scope.defer(() => database.close());
  const eventLog = await openEventLog({
    settings: readSettings(eventLogSettings, process.env),
    pool: database.service,
    url: ownerUrl,
    applicationName: application_name,
    log,
    metrics: makeMetrics({ processMetrics: false }),
  });
  scope.defer(() => eventLog.close());
  return [
    ...checks,
    server,
    ...(await checkLog(database.service, eventLog, hasServer)),
    ...(await checkCopies(database.service)),
    ...(await checkOrders({ pool: database.service, eventLog, log }, hasServer)),
  ];
}
