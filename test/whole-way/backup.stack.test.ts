/** Backups, restores and adopted logs where the log is Kafka's and the tables are TimescaleDB's. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Admin } from "@platformatic/kafka";
import { openScope } from "@tillcast/core";
import { adoptTopic } from "@tillcast/event-log";
import { replayLedger, verifyTables, writeArchive } from "@tillcast/proofs";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import { restoreBackup } from "../../proofs/backup/restore-backup.ts";
import { writeBackup } from "../../proofs/backup/write-backup.ts";
import { startKafka } from "../stack/start-kafka.ts";
import { startRegistry } from "../stack/start-registry.ts";
import {
  openInstallationOn,
  openTestInstallation,
  type TestInstallation,
} from "../support/open-installation.ts";
import { startIntake, startProcessors } from "../support/pipeline.ts";
import { openSimulatedTrade, type SimulatedTrade } from "../support/simulated-trade.ts";
import { untilSettled } from "../support/until-settled.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? 20_260_331);

// Waiting ends as soon as all is there; a machine that is busy with other work is slow, not wrong.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const { timescaleUrl } = inject("stack");
const scope = openScope();
let brokers: string;
/** Where the log is; a broker of its own, since orders of other tests are in the shared one. */
let env: Readonly<Record<string, string>>;
let folder: string;
let trade: SimulatedTrade;
/** The installation that was moved here, and the one that was restored from its backup. */
let moved: TestInstallation;
let restored: TestInstallation;
let settling: { stop(): Promise<void> };

beforeAll(async () => {
  console.log(`backup on the stack: seed ${seed}`);
  const kafka = await startKafka();
  scope.defer(kafka.stop);
  brokers = kafka.brokers;
  const registry = await startRegistry({ brokers });
  scope.defer(registry.stop);
  env = { EVENT_LOG: "kafka", KAFKA_BROKERS: brokers, SCHEMA_REGISTRY_URL: registry.url };
  folder = await mkdtemp(join(tmpdir(), "tillcast-backup-"));
  scope.defer(() => rm(folder, { recursive: true, force: true }));
  trade = await openSimulatedTrade(scope, { seed, days: 4, busyness: 0.06 });
});
afterAll(() => scope.close());

const openOnStack = () => openTestInstallation(scope, env, { serverUrl: timescaleUrl });

async function expectExact(installation: TestInstallation): Promise<void> {
  const { service } = installation.database;
  expect((await verifyTables(service)).differences).toEqual([]);
  expect(await trade.differences(service)).toEqual([]);
  const { rows } = await service.query("select count(*)::int as count from order_head");
  expect(rows[0]?.count).toBe(trade.orders());
}

const restoreFrom = (name: string, installation: TestInstallation) =>
  restoreBackup(installation, {
    folder: join(folder, name),
    overwrite: false,
    fromLogStart: false,
  });

test("an embedded installation's backup goes on with Kafka and TimescaleDB, what only its log held included", async () => {
  const processors = await startProcessors(scope, trade.installation);
  await trade.push(0, 0.3);
  await untilSettled(trade.installation.eventLog);
  await processors.stop();
  await trade.push(0.3, 0.5);
  await writeBackup(trade.installation, { folder: join(folder, "embedded"), holdDays: 35 });

  moved = await openOnStack();
  const { topics: of } = await restoreFrom("embedded", moved);
  expect(of.map(({ log }) => log)).toEqual(["new", "new"]);
  expect(of.reduce((sum, { appended }) => sum + appended, 0)).toBeGreaterThan(0);
  await startProcessors(scope, moved);
  const ingest = await startIntake(scope, moved);
  await trade.push(0.5, 0.7, ingest);
  await untilSettled(moved.eventLog);
  await expectExact(moved);
});

test("a backup taken there while orders are settled is read on from the broker, which survived", async () => {
  const ingest = await startIntake(scope, moved);
  const pushing = trade.push(0.7, 0.8, ingest);
  await writeBackup(moved, { folder: join(folder, "stack"), holdDays: 35 });
  await pushing;
  await trade.push(0.8, 0.9, ingest);

  restored = await openOnStack();
  const { topics: of } = await restoreFrom("stack", restored);
  expect(of).toMatchObject([
    { log: "same", appended: 0 },
    { log: "same", appended: 0 },
  ]);
  const lag = await restored.eventLog.lag(topics.orders.topic, LEDGER_GROUP);
  expect(lag.some(({ lagRecords }) => lagRecords > 0n)).toBe(true);
  settling = await startProcessors(scope, restored);
  await untilSettled(restored.eventLog);
  await expectExact(restored);

  // The broker holds only what came since the move; a base holds the rest.
  const { ownerUrl, eventLog, clock, database } = restored;
  const replay = { ownerUrl, eventLog, swap: false };
  await expect(replayLedger(replay)).rejects.toMatchObject({ code: "archiveMissing" });
  const archiveFolder = join(folder, "bases");
  await writeArchive({ pool: database.service, eventLog, clock, folder: archiveFolder });
  expect(await replayLedger({ ...replay, archiveFolder })).toMatchObject({ equal: true });
});

test("topics that were made anew are adopted, and orders go on exactly", async () => {
  const { topic } = topics.orders;
  const topicIdBefore = await restored.eventLog.topicId(topic);
  await settling.stop();
  const admin = new Admin({ clientId: "operator", bootstrapBrokers: [brokers] });
  await admin.deleteTopics({ topics: [topic] });
  await admin.close();

  // Processes that are started again make it anew, and their positions fit it no more.
  const again = await openInstallationOn(scope, restored.test, env);
  expect(await again.eventLog.topicId(topic)).not.toBe(topicIdBefore);
  const adopted = await adoptTopic(
    { pool: again.database.service, eventLog: again.eventLog },
    { topic, acceptsBeyondEnd: false, acceptsBelowStart: false, at: again.clock.now() },
  );
  expect(adopted).toHaveLength(topics.orders.partitions);
  expect(adopted.every(({ reason }) => reason === "topicChanged")).toBe(true);
  await startProcessors(scope, again);
  await trade.push(0.9, 1, await startIntake(scope, again));
  await untilSettled(again.eventLog);
  await expectExact(again);
});
