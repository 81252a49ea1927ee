import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openScope } from "@tillcast/core";
import { loadHolds, releaseLog } from "@tillcast/event-log";
import { replayLedger, verifyTables, writeArchive } from "@tillcast/proofs";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { restoreBackup } from "../../proofs/backup/restore-backup.ts";
import { type Backup, writeBackup } from "../../proofs/backup/write-backup.ts";
import { copyLog } from "../support/copy-log.ts";
import { openTestInstallation, type TestInstallation } from "../support/open-installation.ts";
import { startIntake, startProcessors } from "../support/pipeline.ts";
import { openSimulatedTrade, type SimulatedTrade } from "../support/simulated-trade.ts";
import { untilSettled } from "../support/until-settled.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? 20_260_330);

// Waiting ends as soon as all is there; a machine that is busy with other work is slow, not wrong.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const scope = openScope();
let trade: SimulatedTrade;
let folder: string;
let backup: Backup;

beforeAll(async () => {
  console.log(`backup: seed ${seed}`);
  folder = join(await mkdtemp(join(tmpdir(), "tillcast-backup-")), "first");
  scope.defer(() => rm(join(folder, ".."), { recursive: true, force: true }));
  trade = await openSimulatedTrade(scope, { seed, days: 5, busyness: 0.08 });
  const { installation } = trade;
  const first = await startProcessors(scope, installation);
  await trade.push(0, 0.3);
  await untilSettled(installation.eventLog);
  await first.stop();
  // Accepted and in the log alone when the backup begins; and more comes, and is settled, meanwhile.
  await trade.push(0.3, 0.5);
  await startProcessors(scope, installation);
  const pushing = trade.push(0.5, 0.7);
  backup = await writeBackup(installation, { folder, holdDays: 35 });
  await pushing;
});
afterAll(() => scope.close());

const restoreInto = (installation: TestInstallation, options: { overwrite?: boolean } = {}) =>
  restoreBackup(installation, {
    folder,
    overwrite: options.overwrite ?? false,
    fromLogStart: false,
  });

const verify = async ({ database }: TestInstallation) =>
  (await verifyTables(database.service)).differences;

const countOf = async ({ database }: TestInstallation, table: string) =>
  (await database.service.query(`select count(*)::int as count from ${table}`)).rows[0]?.count;

describe("a backup taken while orders are settled", () => {
  test("restored beside the log that survived is settled on to what the simulator expects", async () => {
    const second = await openTestInstallation(scope);
    await trade.push(0.7, 0.8);
    await copyLog(trade.installation.test.superuserUrl, second.test.superuserUrl);
    const { topics: restored } = await restoreInto(second);
    expect(restored).toMatchObject([
      { topic: topics.ordersBackfill.topic, log: "same", appended: 0 },
      { topic: topics.orders.topic, log: "same", appended: 0 },
    ]);
    expect(await verify(second)).toEqual([]);
    const lag = await second.eventLog.lag(topics.orders.topic, LEDGER_GROUP);
    expect(lag.some(({ lagRecords }) => lagRecords > 0n)).toBe(true);
    await startProcessors(scope, second);
    await untilSettled(second.eventLog);
    expect(await verify(second)).toEqual([]);
    expect(await trade.differences(second.database.service)).toEqual([]);
    expect(await countOf(second, "order_head")).toBe(trade.orders());
    const { ownerUrl, eventLog } = second;
    expect(await replayLedger({ ownerUrl, eventLog, swap: false })).toMatchObject({ equal: true });
  });

  test("restored beside another log has all that was accepted until its end, and the rest once sent again", async () => {
    const third = await openTestInstallation(scope);
    const { topics: restored, manifest } = await restoreInto(third);
    const appended = restored.reduce((sum, topic) => sum + topic.appended, 0);
    expect(restored.map(({ log }) => log)).toEqual(["new", "new"]);
    expect(appended).toBe(manifest.tails.reduce((sum, { records }) => sum + records, 0));
    expect(appended).toBeGreaterThan(0);
    await startProcessors(scope, third);
    await untilSettled(third.eventLog);
    expect(await verify(third)).toEqual([]);
    const ingest = await startIntake(scope, third);
    await trade.push(0.5, 0.8, ingest);
    await untilSettled(third.eventLog);
    expect(await verify(third)).toEqual([]);
    expect(await trade.differences(third.database.service)).toEqual([]);

    // The log alone no longer rebuilds the tables; a base does.
    const { ownerUrl, eventLog, clock, database } = third;
    const replay = { ownerUrl, eventLog, swap: false };
    await expect(replayLedger(replay)).rejects.toMatchObject({ code: "archiveMissing" });
    const archiveFolder = join(folder, "..", "bases");
    await writeArchive({ pool: database.service, eventLog, clock, folder: archiveFolder });
    expect(await replayLedger({ ...replay, archiveFolder })).toMatchObject({ equal: true });
  });

  test("keeps the ledger's history, people, keys and settings, and raises every epoch", async () => {
    const fourth = await openTestInstallation(scope);
    const before = trade.installation;
    await restoreInto(fourth);
    for (const table of ["tenant", "store", "store_closeout", "feed", "api_key"]) {
      expect(await countOf(fourth, table)).toBe(await countOf(before, table));
    }
    const entries = backup.manifest.files.find(({ table }) => table === "ledger_entry");
    expect(await countOf(fourth, "ledger_entry")).toBe(entries?.rows);
    expect(entries?.rows).toBeGreaterThan(await countOf(fourth, "order_head"));
    const epochs = async ({ database }: TestInstallation) =>
      (
        await database.service.query(
          "select min(epoch) as min, max(epoch) as max from store_sequence",
        )
      ).rows[0];
    expect((await epochs(fourth)).min).toBeGreaterThan((await epochs(before)).max);
    const { rows } = await fourth.database.service.query(
      "select action, subject from operator_audit",
    );
    expect(rows).toEqual([{ action: "restore", subject: backup.manifest.copyId }]);
  });

  test("goes into no database that holds something, unless told to", async () => {
    const used = await openTestInstallation(scope);
    await used.database.service.query(
      "insert into tenant (tenant_id, name) values (gen_random_uuid(), 'Other')",
    );
    await expect(restoreInto(used)).rejects.toMatchObject({ code: "conflict" });
    await restoreInto(used, { overwrite: true });
    expect(await verify(used)).toEqual([]);
  });

  test("is its owner's alone, and in no repository", async () => {
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("*\n");
  });

  test("with one flipped byte in any file is refused, and nothing is touched", async () => {
    const empty = await openTestInstallation(scope);
    const names = await readdir(folder);
    // It keeps the folder out of repositories and is no part of what was copied.
    for (const name of names.filter((one) => one !== ".gitignore")) {
      const path = join(folder, name);
      const bytes = await readFile(path);
      const at = bytes.length >> 1;
      await writeFile(path, bytes.with(at, (bytes[at] ?? 0) ^ 1));
      await expect(restoreInto(empty)).rejects.toMatchObject({ code: "damaged" });
      await writeFile(path, bytes);
    }
    expect(await countOf(empty, "tenant")).toBe(0);
  });

  test("holds the log at its positions until it is forgotten", async () => {
    const { database } = trade.installation;
    const held = async () =>
      (
        await database.service.query(
          "select topic, partition, position::text from checkpoint where group_name = 'backup' order by topic, partition",
        )
      ).rows;
    expect(await held()).toEqual(
      backup.manifest.positions.map(({ topic, partition, position }) => ({
        topic,
        partition,
        position,
      })),
    );
    const [hold] = await loadHolds(database.service, "backup");
    await releaseLog(database.service, "backup", [hold?.holdId ?? ""]);
    expect(await held()).toEqual([]);
  });
});
