import { appError } from "@tillcast/core";
import { databaseSchema } from "@tillcast/core/database";
import type { EventLog } from "@tillcast/event-log";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import type { Fold } from "@tillcast/stream-processors/ledger";
import type pg from "pg";
import { orderTables } from "../archive/copy-orders.ts";
import { rebuildRollups } from "../archive/rebuild-rollups.ts";
import { loadTable } from "../copies/load-table.ts";
import type { Manifest } from "../copies/manifest.ts";
import { refoldTables } from "../refold/refold.ts";
import { replaySchema } from "./side-tables.ts";

/** The position of a replay in one partition. */
export interface Cursor {
  readonly topic: string;
  readonly partition: number;
  next: bigint;
}

/** The topics that the ledger reads, imported orders first. */
const replayedTopics = [topics.ordersBackfill.topic, topics.orders.topic];

const selectAdoptedSql = `
  select 1 from ${databaseSchema}.operator_audit
  where action = any($1) and at >= $3
    and after -> 'topics' @> jsonb_build_array(jsonb_build_object('topicId', $2::text))
  limit 1`;

/** Operator actions after which a topic no longer contains everything that the tables contain. */
const partialLogActions = ["log adopt", "restore"];

/**
 * The start positions for a replay of the whole log. Throws if a topic has lost its first records or was created
 * again, because the rebuilt tables would lack these records.
 */
export async function cursorsAtStart(owner: pg.Client, eventLog: EventLog): Promise<Cursor[]> {
  const cursors: Cursor[] = [];
  for (const topic of replayedTopics) {
    for (const { partition, start } of await eventLog.bounds(topic)) {
      if (start > 0n) {
        const reason = `${topic}/${partition} begins at ${start}`;
        throw appError("archiveMissing", { reason });
      }
      cursors.push({ topic, partition, next: start });
    }
    const topicId = await eventLog.topicId(topic);
    if (await wasAdopted(owner, topicId, 0)) {
      throw appError("archiveMissing", { reason: `${topic} was made after the tables` });
    }
  }
  return cursors;
}

async function wasAdopted(owner: pg.Client, topicId: string, sinceMs: number): Promise<boolean> {
  const values = [partialLogActions, topicId, new Date(sinceMs)];
  return (await owner.query(selectAdoptedSql, values)).rows.length > 0;
}

/** The start positions for a replay on a base. Throws if the log no longer has the records after it. */
export async function cursorsBehind(
  owner: pg.Client,
  manifest: Manifest,
  eventLog: EventLog,
): Promise<Cursor[]> {
  const cursors: Cursor[] = [];
  for (const topic of replayedTopics) {
    const topicId = await eventLog.topicId(topic);
    if (await wasAdopted(owner, topicId, manifest.startedAt)) {
      throw appError("archiveMissing", { reason: `${topic} was adopted after the base` });
    }
    for (const { partition, start } of await eventLog.bounds(topic)) {
      const at = manifest.positions.find(
        (one) => one.group === LEDGER_GROUP && one.topic === topic && one.partition === partition,
      );
      // A partition without a position is read from its start.
      const next = BigInt(at?.position ?? 0);
      if (at !== undefined && at.topicId !== topicId) {
        throw appError("archiveMissing", { reason: `${topic} was made anew after the base` });
      }
      if (start > next) {
        const reason = `${topic}/${partition} begins at ${start} and the base ends at ${next}`;
        throw appError("archiveMissing", { reason });
      }
      cursors.push({ topic, partition, next });
    }
  }
  return cursors;
}

/** Loads a base into the side tables, and refolds heads of an older fold. */
export async function loadBase(
  { owner, side }: { readonly owner: pg.Client; readonly side: pg.Pool },
  base: { readonly folder: string; readonly manifest: Manifest },
  fold: Fold,
  onProgress: (fraction: number, message: string) => void,
): Promise<void> {
  const { folder, manifest } = base;
  const files = manifest.files.filter(({ table }) => orderTables.some((name) => name === table));
  const total = Math.max(
    1,
    files.reduce((sum, { rows }) => sum + rows, 0),
  );
  let before = 0;
  for (const file of files) {
    const onRows = (rows: number) =>
      onProgress((0.5 * (before + rows)) / total, `${before + rows} rows of the base`);
    before += await loadTable(owner, { folder, file, schema: replaySchema, onRows });
  }
  const orders = Math.max(1, files.find(({ table }) => table === "order_head")?.rows ?? 1);
  await rebuildRollups(side, (done) =>
    onProgress(0.5 + (0.5 * done) / orders, `${done} orders of the base`),
  );
  const wholeFromMs = Number.POSITIVE_INFINITY;
  await refoldTables(side, { fold, wholeFromMs, onSlice: async () => {} });
}
