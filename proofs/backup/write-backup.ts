import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { appError, type Clock, makePrivateFolder } from "@tillcast/core";
import { type Database, loadMigrationNames } from "@tillcast/core/database";
import type { LogPosition } from "@tillcast/event-log";
import { type EventLog, holdLog, loadHolds, releaseLog } from "@tillcast/event-log";
import { DAY_MS } from "@tillcast/schemas";
import { copyOrders, orderTables } from "../archive/copy-orders.ts";
import { type CopiedTable, loadCopiedTables, refuseHiddenRows } from "../copies/copied-tables.ts";
import { copyInSlices, copyTogether, isLarge } from "../copies/copy-tables.ts";
import { checkFiles, type Manifest, readManifest, writeManifest } from "../copies/manifest.ts";
import { writeTails } from "./log-tail.ts";

/** What a backup needs from the installation. */
export interface BackupDeps {
  readonly database: Database;
  readonly eventLog: EventLog;
  readonly clock: Clock;
}

export interface BackupOptions {
  /** The backup's own folder. It must be missing or empty. */
  readonly folder: string;
  /** Older backups no longer hold records of the log. */
  readonly holdDays: number;
  readonly onProgress?: (fraction: number, message: string) => void;
}

/** A backup that was written and verified. */
export interface Backup {
  readonly manifest: Manifest;
  /** Folders of backups that no longer hold records of the log. */
  readonly forgotten: readonly string[];
}

/** Writing the orders takes most of the time. */
const ordersShare = 0.8;

/**
 * Copies everything that cannot be rebuilt, while the server runs and in short transactions, and verifies the
 * files. From then on the log keeps the records after the backup's positions.
 */
export async function writeBackup(deps: BackupDeps, options: BackupOptions): Promise<Backup> {
  const { folder, holdDays } = options;
  const pool = deps.database.service;
  const startedAt = deps.clock.now();
  const copyId = randomUUID();
  await refuseUsedFolder(folder);
  const draft = `${dirname(folder)}/.${basename(folder)}.draft`;
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await rm(draft, { recursive: true, force: true });
  await makePrivateFolder(draft);
  const hold = { holdId: copyId, location: folder, takenAt: startedAt };
  const positions = await holdLog({ pool, eventLog: deps.eventLog }, "backup", hold);
  try {
    const copied = await copyEverything(deps, draft, positions, options);
    const migrations = await loadMigrationNames(pool);
    const what = { format: 1, kind: "backup", copyId, startedAt, migrations, positions } as const;
    await writeManifest(draft, { ...what, ...copied });
    const manifest = await readManifest(draft);
    await checkFiles(draft, manifest);
    await rmdir(folder).catch(() => undefined);
    await rename(draft, folder);
    const forgotten = (await loadHolds(pool, "backup")).filter(
      ({ holdId, takenAt }) => holdId !== copyId && takenAt < startedAt - holdDays * DAY_MS,
    );
    await releaseLog(
      pool,
      "backup",
      forgotten.map(({ holdId }) => holdId),
    );
    return { manifest, forgotten: forgotten.map(({ location }) => location) };
  } catch (error) {
    await releaseLog(pool, "backup", [copyId]);
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The order matters. Rows are copied before the rows that they refer to, so that no reference is broken. Parked
 * orders are copied before the log's tail: an order that is released in between is then in both, and counts once.
 * The tail is copied before tenants and stores, so that every order in it has its store.
 */
async function copyEverything(
  { database, eventLog, clock }: BackupDeps,
  draft: string,
  positions: readonly LogPosition[],
  { onProgress = () => {} }: BackupOptions,
): Promise<Pick<Manifest, "files" | "tails" | "finishedAt">> {
  const pool = database.service;
  await refuseHiddenRows(pool);
  const tables = await loadCopiedTables(pool);
  const others = tables.filter(({ table }) => !orderTables.some((name) => name === table));
  const { rows } = await pool.query<{ count: string }>("select count(*) from order_head");
  const total = Math.max(1, Number(rows[0]?.count ?? 1));
  const files = await copyOrders(pool, draft, tables, (orders) =>
    onProgress(Math.min(ordersShare, (ordersShare * orders) / total), `${orders} orders`),
  );
  const isFirst = (table: CopiedTable) => isLarge(table, tables) || table.table === waitingOrders;
  for (const table of others.filter(isFirst)) {
    files.push(await copyInSlices(pool, draft, table));
    onProgress(ordersShare, table.table);
  }
  onProgress(0.9, "the log's tail");
  const tails = await writeTails(eventLog, draft, positions);
  const finishedAt = clock.now();
  files.push(
    ...(await copyTogether(
      pool,
      draft,
      others.filter((table) => !isFirst(table)),
    )),
  );
  onProgress(0.95, "verifying the files");
  return { files, tails, finishedAt };
}

/** The number of parked orders, which are in no topic yet. */
const waitingOrders = "parked_order";

async function refuseUsedFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return;
  throw appError("conflict", { reason: `${folder} is not empty; give each backup its own folder` });
}
