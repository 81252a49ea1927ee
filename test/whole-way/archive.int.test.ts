import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeMetrics, openScope } from "@tillcast/core";
import { openPostgresLog } from "@tillcast/event-log";
import { replayLedger, verifyTables, writeArchive } from "@tillcast/proofs";
import { topics } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startProcessors } from "../support/pipeline.ts";
import { openSimulatedTrade, type SimulatedTrade } from "../support/simulated-trade.ts";
import { untilSettled } from "../support/until-settled.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? 20_260_329);
const hourMs = 3_600_000;

// Waiting ends as soon as all is there; a machine that is busy with other work is slow, not wrong.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const scope = openScope();
let trade: SimulatedTrade;
let archiveFolder: string;

beforeAll(async () => {
  console.log(`archive: seed ${seed}`);
  trade = await openSimulatedTrade(scope, { seed, days: 14, busyness: 0.08 });
  archiveFolder = await mkdtemp(join(tmpdir(), "tillcast-archive-"));
  scope.defer(() => rm(archiveFolder, { recursive: true, force: true }));
  await startProcessors(scope, trade.installation);
});
afterAll(() => scope.close());

const archive = () => {
  const { database, eventLog, clock } = trade.installation;
  return writeArchive({ pool: database.service, eventLog, clock, folder: archiveFolder });
};
const replay = (options: { swap?: boolean; fromStart?: boolean } = {}) => {
  const { ownerUrl, eventLog } = trade.installation;
  const { swap = false, fromStart = false } = options;
  return replayLedger({ ownerUrl, eventLog, swap, ...(fromStart ? {} : { archiveFolder }) });
};

/** Lets an hour pass for the log, whose order topics keep records for that long. */
async function letLogExpire(): Promise<void> {
  const { database, log, ownerUrl } = trade.installation;
  // The segments are closed at the first look, and dropped at the second if nothing holds them.
  for (const hours of [1, 3]) {
    const clock = { now: () => Date.now() + hours * hourMs };
    const pool = database.service;
    const later = await openPostgresLog({
      pool,
      url: ownerUrl,
      log,
      metrics: makeMetrics(),
      clock,
    });
    const orderTopics = [topics.orders, topics.ordersBackfill];
    await later.ensureTopics(orderTopics.map((topic) => ({ ...topic, retentionMs: hourMs })));
    await later.deleteExpired();
    await later.close();
  }
}

const logStarts = async () =>
  (await trade.installation.eventLog.bounds(topics.orders.topic)).map(({ start }) => Number(start));
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe("an archive base", () => {
  test("written while orders are settled holds the log at its positions and no further", async () => {
    await trade.push(0, 0.3);
    const pushing = trade.push(0.3, 0.6);
    const { manifest } = await archive();
    await pushing;
    await untilSettled(trade.installation.eventLog);
    await letLogExpire();
    const ordersHeld = manifest.positions.filter(({ topic }) => topic === topics.orders.topic);
    expect(sum(await logStarts())).toBeLessThanOrEqual(
      sum(ordersHeld.map(({ position }) => Number(position))),
    );
    expect(manifest.files.map(({ table }) => table)).toEqual(["order_head", "ledger_entry"]);
  });

  test("and the log behind it rebuild equal tables, though the log's beginning is gone", async () => {
    await trade.push(0.6, 0.8);
    await untilSettled(trade.installation.eventLog);
    const { folder, removed } = await archive();
    expect(removed).toHaveLength(1);
    await letLogExpire();
    expect(sum(await logStarts())).toBeGreaterThan(0);
    await trade.push(0.8, 1);
    await untilSettled(trade.installation.eventLog);
    const result = await replay();
    expect(result.tables.filter((table) => !table.equal)).toEqual([]);
    expect(result).toMatchObject({ equal: true, base: folder });
    expect(result.tables.find(({ table }) => table === "order_head")?.rows).toBe(trade.orders());
  });

  test("is asked for by name where the log alone cannot rebuild the tables", async () => {
    await expect(replay({ fromStart: true })).rejects.toMatchObject({ code: "archiveMissing" });
  });

  test("put in the place of the live tables counts what the simulator expects", async () => {
    await trade.installation.database.service.query("update rollup_day set net = net + 1");
    expect(await replay({ swap: true })).toMatchObject({ equal: false, swapped: true });
    expect((await verifyTables(trade.installation.database.service)).differences).toEqual([]);
    expect(await trade.differences()).toEqual([]);
  });

  test("with one flipped byte is refused by its digest", async () => {
    const { folder } = await archive();
    const names = await readdir(folder);
    // It keeps the folder out of repositories and is no part of what was copied.
    for (const name of names.filter((one) => one !== ".gitignore")) {
      const path = join(folder, name);
      const bytes = await readFile(path);
      const at = bytes.length >> 1;
      await writeFile(path, bytes.with(at, (bytes[at] ?? 0) ^ 1));
      await expect(replay()).rejects.toMatchObject({ code: "damaged" });
      await writeFile(path, bytes);
    }
    expect(await replay()).toMatchObject({ equal: true });
  });
});
