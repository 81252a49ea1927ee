import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeMetrics, readSettings, type Scope, silentLogger, systemClock } from "@tillcast/core";
import { openDatabase } from "@tillcast/core/database";
import {
  createTestDatabase,
  type TestDatabase,
  type TestDatabaseOptions,
} from "@tillcast/core/testing";
import { openEventLog } from "@tillcast/event-log";
import { topics } from "@tillcast/schemas";
import { eventLogSettings } from "../../cli/event-log-settings.ts";
import type { Installation } from "../../cli/runtime/installation.ts";
import { installationSettings } from "../../cli/settings.ts";
import { type DatabaseWay, openDatabaseWay } from "./database-way.ts";

/** What every service stands on, on a test database of its own. */
export interface TestInstallation extends Installation {
  /** The database by a way that is never cut. */
  readonly test: TestDatabase;
  /** The way by which the installation reaches it. */
  readonly way: DatabaseWay;
}

/**
 * Opens an installation as the product does, without the demo; the scope closes it. `env` says which
 * event log, by default the one in the database; `where` on which server.
 */
export async function openTestInstallation(
  scope: Scope,
  env: Readonly<Record<string, string>> = {},
  where: Pick<TestDatabaseOptions, "serverUrl"> = {},
): Promise<TestInstallation> {
  const test = await createTestDatabase(where);
  scope.defer(() => test.drop());
  return openInstallationOn(scope, test, env);
}

/** Opens an installation on a database that is there: a further process, or one that was started again. */
export async function openInstallationOn(
  scope: Scope,
  test: TestDatabase,
  env: Readonly<Record<string, string>> = {},
): Promise<TestInstallation> {
  const dataDir = await mkdtemp(join(tmpdir(), "tillcast-whole-way-"));
  scope.defer(() => rm(dataDir, { recursive: true, force: true }));
  const way = await openDatabaseWay(scope, test.url);
  const { url } = way;
  const database = openDatabase({ url, applicationName: "tillcast-test" });
  scope.defer(() => database.close());
  const metrics = makeMetrics();
  const eventLog = await openEventLog({
    settings: readSettings(eventLogSettings, env),
    applicationName: "tillcast-test",
    pool: database.service,
    url,
    log: silentLogger,
    metrics,
  });
  scope.defer(() => eventLog.close());
  await eventLog.ensureTopics(Object.values(topics));
  const settings = readSettings(installationSettings, {
    TILLCAST_DATA_DIR: dataDir,
    TILLCAST_DEMO: "off",
  });
  const shared = { settings, ownerUrl: test.url, database, eventLog, clock: systemClock, metrics };
  return { ...shared, log: silentLogger, test, way };
}
