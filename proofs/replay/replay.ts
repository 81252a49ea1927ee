import { connectClient, databaseSchema, inTransaction } from "@tillcast/core/database";
import type { EventLog } from "@tillcast/event-log";
import { LEDGER_GROUP } from "@tillcast/schemas";
import type { DecidedNames } from "@tillcast/stream-processors/ledger";
import {
  applyOrders,
  currentFold,
  decodeOrder,
  type Fold,
} from "@tillcast/stream-processors/ledger";
import pg from "pg";
import { findArchive } from "../archive/archive.ts";
import { compareTables, type TableComparison } from "./compare-tables.ts";
import { loadDecidedNames, takeOverLeftNames } from "./decided-names.ts";
import { type Cursor, cursorsAtStart, cursorsBehind, loadBase } from "./replay-start.ts";
import { createSideTables, dropSideTables, replaySchema, swapInSideTables } from "./side-tables.ts";

export interface ReplayOptions {
  /** Connects as the schema's owner. */
  readonly ownerUrl: string;
  readonly eventLog: EventLog;
  /** The folder of archive bases. The newest one is used. Without a base, the whole log is read. */
  readonly archiveFolder?: string;
  /** The fold to use. Default: this release's own. */
  readonly fold?: Fold;
  /** Whether to replace the live tables with the replayed ones, under a new epoch. */
  readonly swap: boolean;
  readonly onProgress?: (fraction: number, message: string) => void;
}

export interface ReplayResult {
  readonly equal: boolean;
  readonly swapped: boolean;
  /** The folder of the base; null after a replay of the whole log. */
  readonly base: string | null;
  /** Records read from the log. */
  readonly records: number;
  /** Records that the live processor set aside too. */
  readonly deadLetters: number;
  readonly tables: readonly TableComparison[];
}

/** Records and bytes per transaction. */
const batchMaxCount = 2_000;
const batchMaxBytes = 8_000_000;
const replayReads = { maxCount: batchMaxCount, maxBytes: batchMaxBytes, asWritten: true };

/**
 * Rebuilds heads, ledger and rollups in side tables, from the newest base and the log after it, or from the whole
 * log. It publishes nothing and raises no alerts. Then it compares the side tables with the live ones. During the
 * last part and the comparison it locks the checkpoints, so that both sides are at the same positions; live
 * processing waits meanwhile.
 */
export async function replayLedger(options: ReplayOptions): Promise<ReplayResult> {
  const { eventLog, archiveFolder, fold = currentFold, onProgress = () => {} } = options;
  const base = archiveFolder === undefined ? undefined : await findArchive(archiveFolder);
  const side = new pg.Pool({
    connectionString: options.ownerUrl,
    max: 1,
    options: `-c search_path=${replaySchema},${databaseSchema}`,
  });
  const owner = await connectClient({
    connectionString: options.ownerUrl,
    application_name: "tillcast replay",
  });
  try {
    const counts = { records: 0, deadLetters: 0 };
    const cursors =
      base === undefined
        ? await cursorsAtStart(owner, eventLog)
        : await cursorsBehind(owner, base.manifest, eventLog);
    await createSideTables(owner);
    const baseShare = base === undefined ? 0 : 0.5;
    if (base !== undefined) {
      await loadBase({ owner, side }, base, fold, (fraction, message) =>
        onProgress(baseShare * fraction, message),
      );
    }
    const settled = await checkpointsOf(owner, false);
    const total = Math.max(
      1,
      cursors.reduce((sum, cursor) => sum + Number(endOf(settled, cursor) - cursor.next), 0),
    );
    const advance = async (ends: Ends) => {
      const setAside = await recordsSetAside(owner);
      const decided = await loadDecidedNames(owner);
      for (const cursor of cursors) {
        const part = { cursor, end: endOf(ends, cursor), setAside, decided, fold };
        await replayPartition(side, eventLog, part, counts, () =>
          onProgress(
            Math.min(0.9, baseShare + ((0.9 - baseShare) * counts.records) / total),
            `${counts.records} records replayed`,
          ),
        );
      }
    };
    await advance(settled);
    await owner.query("begin");
    await advance(await checkpointsOf(owner, true));
    onProgress(0.95, "comparing the tables");
    await takeOverLeftNames(owner);
    const tables = await compareTables(owner);
    const equal = tables.every((table) => table.equal);
    if (options.swap) await swapInSideTables(owner);
    await owner.query("commit");
    return { equal, swapped: options.swap, base: base?.folder ?? null, ...counts, tables };
  } finally {
    await side.end();
    await owner.query("rollback").catch(() => {});
    await dropSideTables(owner).catch(() => {});
    await owner.end();
  }
}

/** The ledger's positions, by topic and partition. */
type Ends = ReadonlyMap<string, bigint>;

const endOf = (ends: Ends, cursor: Cursor): bigint =>
  ends.get(`${cursor.topic} ${cursor.partition}`) ?? cursor.next;

async function checkpointsOf(owner: pg.Client, hold: boolean): Promise<Ends> {
  const { rows } = await owner.query<{ topic: string; partition: number; position: string }>(
    `select topic, partition, position from ${databaseSchema}.checkpoint
     where group_name = $1 order by topic, partition ${hold ? "for update" : ""}`,
    [LEDGER_GROUP],
  );
  return new Map(rows.map((row) => [`${row.topic} ${row.partition}`, BigInt(row.position)]));
}

/**
 * Records that the live processor could not settle, as `topic partition offset`. A sum that overflowed there would
 * overflow here too, perhaps at another record, because the partitions are read in another order.
 */
async function recordsSetAside(owner: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await owner.query<{ topic: string; partition: number; record_offset: string }>(
    `select topic, partition, record_offset from ${databaseSchema}.dead_letter where group_name = $1`,
    [LEDGER_GROUP],
  );
  return new Set(rows.map((row) => `${row.topic} ${row.partition} ${row.record_offset}`));
}

/** Reads one partition from its cursor to `end`, without records that were set aside. */
interface Stretch {
  readonly cursor: Cursor;
  readonly end: bigint;
  readonly setAside: ReadonlySet<string>;
  readonly decided: DecidedNames;
  readonly fold: Fold;
}

async function replayPartition(
  side: pg.Pool,
  eventLog: EventLog,
  { cursor, end, setAside, decided, fold }: Stretch,
  counts: { records: number; deadLetters: number },
  onBatch: () => void,
): Promise<void> {
  while (cursor.next < end) {
    const read = { topic: cursor.topic, partition: cursor.partition, from: cursor.next };
    const records = (await eventLog.read({ ...read, ...replayReads })).filter(
      (record) => record.offset < end,
    );
    const last = records.at(-1);
    if (last === undefined) return;
    const settled = records.filter(
      ({ offset }) => !setAside.has(`${cursor.topic} ${cursor.partition} ${offset}`),
    );
    counts.deadLetters += records.length - settled.length;
    const arrived = settled.map((record) => decodeOrder(record, fold));
    await inTransaction(side, (tx) => applyOrders(tx, arrived, decided), { pipelined: true });
    counts.records += records.length;
    cursor.next = last.offset + 1n;
    onBatch();
  }
}
