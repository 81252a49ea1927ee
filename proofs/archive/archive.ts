/** Archive bases for replay: heads and ledger in files, with the log positions from which replay continues. */

import { randomUUID } from "node:crypto";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { appError, type Clock, makePrivateFolder } from "@tillcast/core";
import { loadMigrationNames } from "@tillcast/core/database";
import { type EventLog, holdLog, loadHolds, releaseLog } from "@tillcast/event-log";
import type { Pool } from "pg";
import { loadCopiedTables, refuseHiddenRows } from "../copies/copied-tables.ts";
import { checkFiles, type Manifest, readManifest, writeManifest } from "../copies/manifest.ts";
import { copyOrders, orderTables } from "./copy-orders.ts";

export interface ArchiveOptions {
  /** The service role's pool. */
  readonly pool: Pool;
  readonly eventLog: EventLog;
  readonly clock: Clock;
  /** The folder that contains one folder per base. */
  readonly folder: string;
  readonly onProgress?: (fraction: number, message: string) => void;
}

/** A base that was written and verified. */
export interface Archive {
  readonly folder: string;
  readonly manifest: Manifest;
  /** Folders of the older bases that it replaces. */
  readonly removed: readonly string[];
}

/** The suffix of a base's folder until the base is complete. */
const draftEnd = ".draft";

/** The part of the time that writing takes. Verifying is quick. */
const writingShare = 0.9;

/**
 * Writes a base and verifies it by reading it back. Only then it removes the older bases of this folder and
 * releases the records that they held.
 */
export async function writeArchive(options: ArchiveOptions): Promise<Archive> {
  const { pool, eventLog, clock, onProgress = () => {} } = options;
  const startedAt = clock.now();
  const copyId = randomUUID();
  const folder = join(options.folder, folderName(startedAt, copyId));
  const draft = `${folder}${draftEnd}`;
  await makePrivateFolder(draft);
  const hold = { holdId: copyId, location: folder, takenAt: startedAt };
  const positions = await holdLog({ pool, eventLog }, "archive", hold);
  let manifest: Manifest;
  try {
    await refuseHiddenRows(pool);
    const tables = await loadCopiedTables(pool);
    const total = await countOrders(pool);
    const files = await copyOrders(pool, draft, tables, (orders) =>
      onProgress(Math.min(writingShare, (writingShare * orders) / total), `${orders} orders`),
    );
    const migrations = await loadMigrationNames(pool);
    const finishedAt = clock.now();
    const times = { startedAt, finishedAt };
    const what = { format: 1, kind: "archive", copyId } as const;
    await writeManifest(draft, { ...what, ...times, migrations, positions, files, tails: [] });
    manifest = await readManifest(draft);
    await checkFiles(draft, manifest, (done, all) =>
      onProgress(writingShare + ((1 - writingShare) * done) / all, "verifying the files"),
    );
    await rename(draft, folder);
  } catch (error) {
    await releaseLog(pool, "archive", [copyId]);
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return { folder, manifest, removed: await removeOlder(pool, folder, copyId) };
}

/** A folder name that sorts by time and is unique. */
const folderName = (startedAt: number, copyId: string): string =>
  `base-${new Date(startedAt).toISOString().replaceAll(/[:.]/g, "-")}-${copyId.slice(0, 8)}`;

async function countOrders(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: string }>("select count(*) from order_head");
  return Math.max(1, Number(rows[0]?.count ?? 1));
}

async function removeOlder(pool: Pool, kept: string, copyId: string): Promise<string[]> {
  const holds = await loadHolds(pool, "archive");
  const older = holds.filter(({ holdId }) => holdId !== copyId);
  await releaseLog(
    pool,
    "archive",
    older.map(({ holdId }) => holdId),
  );
  const parent = join(kept, "..");
  const removed: string[] = [];
  for (const name of await baseFolders(parent)) {
    const folder = join(parent, name);
    if (folder === kept) continue;
    await rm(folder, { recursive: true, force: true });
    removed.push(folder);
  }
  return removed;
}

async function baseFolders(parent: string): Promise<string[]> {
  const names = await readdir(parent).catch(() => []);
  return names.filter((name) => /^base-\d{4}-.*-[0-9a-f]{8}$/.test(name)).sort();
}

/** The newest complete base of a folder; undefined if there is none. Throws if it is damaged. */
export async function findArchive(
  parent: string,
): Promise<{ readonly folder: string; readonly manifest: Manifest } | undefined> {
  const newest = (await baseFolders(parent)).at(-1);
  if (newest === undefined) return undefined;
  const folder = join(parent, newest);
  const manifest = await readManifest(folder);
  const tables = manifest.files.map(({ table }) => table);
  if (manifest.kind !== "archive" || !orderTables.every((table) => tables.includes(table))) {
    throw appError("damaged", { file: folder, reason: "it is no archive base" });
  }
  await checkFiles(folder, manifest);
  return { folder, manifest };
}
