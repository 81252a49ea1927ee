import {
  type ManualClock,
  makeManualClock,
  makeMetrics,
  openScope,
  silentLogger,
} from "@tillcast/core";
import { openDatabase } from "@tillcast/core/database";
import { createTestDatabase, openCuttableProxy, type TestDatabase } from "@tillcast/core/testing";
import type { EventLog } from "../port.ts";
import type { EventLogHarness } from "../testing/contract/harness.ts";
import { describeEventLogContract } from "../testing/contract.ts";
import { openPostgresLog } from "./postgres-log.ts";
import { rollSegments } from "./roll-segments.ts";

const dayMs = 86_400_000;

/** Shorter waits than the product's, so that the suite takes seconds. */
const testLimits = { assignIntervalMs: 100, retryPauseMinMs: 10, retryPauseMaxMs: 200 };

describeEventLogContract("PostgreSQL", async () => {
  const scope = openScope();
  const test = await createTestDatabase();
  scope.defer(() => test.drop());
  const clock = makeManualClock(Date.UTC(2026, 10, 21));
  const kills = new Map<EventLog, () => Promise<void>>();

  async function openLog(limits = {}): Promise<EventLog> {
    const proxy = await openCuttableProxy(test.url);
    scope.defer(() => proxy.cut());
    const database = openDatabase({ url: proxy.url, applicationName: "contract" });
    scope.defer(() => database.close());
    const log = await openPostgresLog({
      pool: database.service,
      url: proxy.url,
      log: silentLogger,
      metrics: makeMetrics(),
      clock,
      limits: { ...testLimits, ...limits },
    });
    scope.defer(() => log.close());
    kills.set(log, () => proxy.cut());
    return log;
  }

  const harness: EventLogHarness = {
    pool: test.database.service,
    openLog: () => openLog(),
    openLogWithQueue: (queueMaxCount) => openLog({ appendQueueMaxCount: queueMaxCount }),
    kill: async (log) => kills.get(log)?.(),
    stall: (topic) => stall(test, topic),
    expire: () => expire(test, clock),
    close: () => scope.close(),
  };
  return harness;
});

/** Holds the rows that an append has to lock. */
async function stall(test: TestDatabase, topic: string): Promise<() => Promise<void>> {
  const client = await test.database.service.connect();
  await client.query("begin");
  await client.query(
    "select 1 from log_partition join log_topic using (ordinal) where topic = $1 for update of log_partition",
    [topic],
  );
  return async () => {
    await client.query("rollback");
    client.release();
  };
}

/** A day passes, upon which full segments are closed; after another one they are old. */
async function expire(test: TestDatabase, clock: ManualClock): Promise<void> {
  for (let pass = 0; pass < 2; pass += 1) {
    clock.advance(dayMs);
    await rollSegments({ pool: test.database.service, clock, log: silentLogger });
  }
}
