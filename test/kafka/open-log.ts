import { makeMetrics, readSettings, type Scope, silentLogger } from "@tillcast/core";
import { openDatabase } from "@tillcast/core/database";
import type { TestDatabase } from "@tillcast/core/testing";
import { type EventLog, openEventLog } from "@tillcast/event-log";
import { eventLogSettings } from "../../cli/event-log-settings.ts";

/** Opens the log as a process does with these settings; the scope closes it. */
export async function openKafkaLogOf(
  scope: Scope,
  test: TestDatabase,
  environment: Readonly<Record<string, string>>,
): Promise<EventLog> {
  const database = openDatabase({ url: test.url, applicationName: "tillcast-test" });
  scope.defer(() => database.close());
  const log = await openEventLog({
    settings: readSettings(eventLogSettings, { EVENT_LOG: "kafka", ...environment }),
    pool: database.service,
    url: test.url,
    log: silentLogger,
    metrics: makeMetrics(),
    applicationName: "tillcast-test",
  });
  scope.defer(() => log.close());
  return log;
}
