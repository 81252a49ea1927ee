import { readdir } from "node:fs/promises";
import { appError, auditAction, type Clock } from "@tillcast/core";
import {
  databaseSchema,
  inTransaction,
  migrationFolder,
  type Transaction,
  withConnection,
} from "@tillcast/core/database";
import type { EventLog, LogPosition } from "@tillcast/event-log";
import pg from "pg";
import { rebuildRollups } from "../archive/rebuild-rollups.ts";
import {
  type CopiedTable,
  loadCopiedTables,
  mergedTable,
  notCopied,
} from "../copies/copied-tables.ts";
import { loadTable } from "../copies/load-table.ts";
import { checkFiles, type Manifest, readManifest } from "../copies/manifest.ts";
import { appendTail } from "./log-tail.ts";

/** What a restore needs from the installation. */
export interface RestoreDeps {
  /** Connects as the database's owner. */
  readonly ownerUrl: string;
  readonly eventLog: EventLog;
  readonly clock: Clock;
}

export interface RestoreOptions {
  readonly folder: string;
  /** Whether to empty a database that is in use. */
  readonly overwrite: boolean;
  /** Reads a surviving log from its start instead of the backup's positions. */
  readonly fromLogStart: boolean;
  readonly onProgress?: (fraction: number, message: string) => void;
}

/** The result of a restore, and what it could not restore. */
export interface Restored {
  readonly manifest: Manifest;
  readonly rows: number;
  readonly topics: readonly RestoredTopic[];
}

/** The result for one topic. */
export interface RestoredTopic {
  readonly topic: string;
  /** `same`: the log survived and is read on. `new`: the backup's tail was appended to another log. */
  readonly log: "same" | "new";
  readonly appended: number;
}

/** Tables that are emptied although they are not copied: all except the log's tables and the migrations. */
const alsoEmptied = Object.keys(notCopied).filter(
  (table) => !/^(log_(?!hold)|migration)/.test(table),
);

/**
 * Fills an empty database from a backup and rebuilds the rollups from the postings of the orders. Readers then
 * continue at the backup's positions if the log is the one of the backup. Otherwise the backup's log tail is
 * appended to the new log, and readers start there.
 */
export async function restoreBackup(
  deps: RestoreDeps,
  { folder, overwrite, fromLogStart, onProgress = () => {} }: RestoreOptions,
): Promise<Restored> {
  const manifest = await readManifest(folder);
  if (manifest.kind !== "backup") {
    throw appError("damaged", { file: folder, reason: "it is an archive base and no backup" });
  }
  await refuseNewerSchema(manifest);
  onProgress(0, "comparing the files with their digests");
  await checkFiles(folder, manifest);
  const options = `-c search_path=${databaseSchema} -c timezone=UTC`;
  const pool = new pg.Pool({ connectionString: deps.ownerUrl, max: 1, options });
  try {
    const tables = await loadCopiedTables(pool);
    await refuseUsedDatabase(pool, overwrite);
    const copied = tables.map(({ table }) => table).filter((table) => table !== mergedTable);
    const emptied = [...copied, ...alsoEmptied];
    await pool.query(`truncate ${emptied.join(", ")}`);
    const rows = await loadFiles(pool, { folder, manifest, tables }, (fraction, message) =>
      onProgress(0.6 * fraction, message),
    );
    await rebuildRollups(pool, (orders) => onProgress(0.8, `totals of ${orders} orders`));
    const topics = await restoreLog(pool, deps, { folder, manifest, fromLogStart });
    return { manifest, rows, topics };
  } finally {
    await pool.end();
  }
}

async function refuseNewerSchema(manifest: Manifest): Promise<void> {
  const known = new Set(await readdir(migrationFolder));
  const unknown = manifest.migrations.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw appError("migrationUnknown", {
    reason: `the backup is of a newer version, with ${unknown.join(", ")}`,
  });
}

async function refuseUsedDatabase(pool: pg.Pool, overwrite: boolean): Promise<void> {
  const { rows } = await pool.query<{ used: boolean }>(
    "select exists (select from tenant) or exists (select from order_head) as used",
  );
  if (rows[0]?.used !== true || overwrite) return;
  throw appError("conflict", {
    reason: "the database holds tenants or orders; restore into an empty one, or add --overwrite",
  });
}

interface BackupFiles {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly tables: readonly CopiedTable[];
}

/** Loads every file, referenced tables first, and compares the row counts with the manifest. */
async function loadFiles(
  pool: pg.Pool,
  { folder, manifest, tables }: BackupFiles,
  onProgress: (fraction: number, message: string) => void,
): Promise<number> {
  const order = new Map(tables.map(({ table }, index) => [table, index]));
  const missing = manifest.files.filter(({ table }) => !order.has(table));
  if (missing.length > 0) {
    const names = missing.map(({ table }) => table).join(", ");
    throw appError("migrationUnknown", { reason: `there is no table ${names} here` });
  }
  const files = [...manifest.files].sort(
    (a, b) => (order.get(a.table) ?? 0) - (order.get(b.table) ?? 0),
  );
  const total = Math.max(
    1,
    files.reduce((sum, { rows }) => sum + rows, 0),
  );
  return withConnection(pool, async (client) => {
    let loaded = 0;
    for (const file of files) {
      const onRows = (rows: number) =>
        onProgress((loaded + rows) / total, `${loaded + rows} of ${total} rows`);
      const rows = await loadTable(client, { folder, file, schema: databaseSchema, onRows });
      if (rows !== file.rows && file.table !== mergedTable) {
        const reason = `${rows} rows went into ${file.table}, its manifest says ${file.rows}`;
        throw appError("damaged", { file: file.file, reason });
      }
      loaded += rows;
    }
    return loaded;
  });
}

const insertCheckpointSql = `
  insert into checkpoint (group_name, topic, partition, topic_id, position)
  values ($1, $2, $3, $4, $5)`;

// Counted in minutes, so that a second restore from the same backup gives another epoch than the first.
const raiseEpochsSql = `
  update store_sequence
  set epoch = greatest(epoch + 1, floor($1::float8 / 60000)::integer), seq = seq + 1`;

async function restoreLog(
  pool: pg.Pool,
  { eventLog, clock }: RestoreDeps,
  {
    folder,
    manifest,
    fromLogStart,
  }: Pick<BackupFiles, "folder" | "manifest"> & Pick<RestoreOptions, "fromLogStart">,
): Promise<RestoredTopic[]> {
  const restored: (RestoredTopic & { readonly topicId: string })[] = [];
  const checkpoints: LogPosition[] = [];
  for (const topic of new Set(manifest.positions.map((one) => one.topic))) {
    const topicId = await eventLog.topicId(topic);
    const of = manifest.positions.filter((one) => one.topic === topic);
    const isSame = of.every((one) => one.topicId === topicId);
    const starts = new Map(
      (await eventLog.bounds(topic)).map(({ partition, start }) => [partition, String(start)]),
    );
    const keepsPositions = isSame && !fromLogStart;
    for (const one of of) {
      const start = starts.get(one.partition);
      if (keepsPositions) checkpoints.push(one);
      // A topic with fewer partitions cannot hold the other positions.
      else if (start !== undefined) checkpoints.push({ ...one, topicId, position: start });
    }
    const tail = manifest.tails.find((one) => one.topic === topic);
    const appended = isSame || tail === undefined ? 0 : await appendTail(eventLog, folder, tail);
    restored.push({ topic, log: isSame ? "same" : "new", appended, topicId });
  }
  const at = clock.now();
  await inTransaction(pool, async (tx: Transaction) => {
    for (const { group, topic, partition, topicId, position } of checkpoints) {
      await tx.query(insertCheckpointSql, [group, topic, partition, topicId, position]);
    }
    await tx.query(raiseEpochsSql, [at]);
    await auditAction(tx, {
      at,
      action: "restore",
      subject: manifest.copyId,
      before: { startedAt: manifest.startedAt, finishedAt: manifest.finishedAt },
      // These topics lack records that the tables contain, so replay needs a base from now on.
      after: { topics: restored.filter(({ log }) => log === "new"), checkpoints },
    });
  });
  return restored.map(({ topic, log, appended }) => ({ topic, log, appended }));
}
