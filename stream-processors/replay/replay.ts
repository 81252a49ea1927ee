import { databaseSchema, type EventLog, inTransaction } from "@tillcast/core";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import pg from "pg";
import { applyOrders, decodeOrder } from "../ledger/settle-orders.ts";
import { compareTables, type TableComparison } from "./compare-tables.ts";
import { createSideTables, dropSideTables, replaySchema, swapInSideTables } from "./side-tables.ts";

export interface ReplayOptions {
  /** Connects as the schema's owner. */
  readonly ownerUrl: string;
  readonly eventLog: EventLog;
  /** Puts the replayed tables in the place of the live ones, under a new epoch. */
  readonly swap: boolean;
  readonly onProgress?: (fraction: number, message: string) => void;
}

export interface ReplayResult {
  readonly equal: boolean;
  readonly swapped: boolean;
  /** Records read from the log. */
  readonly records: number;
  /** Records that the live processor set aside as well. */
  readonly deadLetters: number;
  readonly tables: readonly TableComparison[];
}

/** Records folded in one transaction, and the bytes they may have. */
const batchMaxCount = 2_000;
const batchMaxBytes = 8_000_000;

/** How far one partition of one topic has been replayed. */
interface Cursor {
  readonly topic: string;
  readonly partition: number;
  next: bigint;
}

/**
 * Rebuilds heads, ledger and rollups from the first record of the log into side tables, publishing and
 * alerting nothing, and compares them with the live ones. The last stretch and the comparison run while
 * the checkpoints are held, so that both sides stand at the same positions; live processing waits for it.
 */
export async function replayLedger(options: ReplayOptions): Promise<ReplayResult> {
  const { eventLog, onProgress = () => {} } = options;
  const owner = new pg.Client({
    connectionString: options.ownerUrl,
    application_name: "tillcast replay",
  });
  const side = new pg.Pool({
    connectionString: options.ownerUrl,
    max: 1,
    options: `-c search_path=${replaySchema},${databaseSchema}`,
  });
  await owner.connect();
  try {
    await createSideTables(owner);
    const counts = { records: 0, deadLetters: 0 };
    const cursors = await cursorsAtStart(eventLog);
    const settled = await checkpointsOf(owner, false);
    const total = Math.max(
      1,
      cursors.reduce((sum, cursor) => sum + Number(endOf(settled, cursor) - cursor.next), 0),
    );
    const advance = async (ends: Ends) => {
      const setAside = await recordsSetAside(owner);
      for (const cursor of cursors) {
        const part = { cursor, end: endOf(ends, cursor), setAside };
        await replayPartition(side, eventLog, part, counts, () =>
          onProgress(
            Math.min(0.9, (0.9 * counts.records) / total),
            `${counts.records} records replayed`,
          ),
        );
      }
    };
    await advance(settled);
    await owner.query("begin");
    await advance(await checkpointsOf(owner, true));
    onProgress(0.95, "comparing the tables");
    const tables = await compareTables(owner);
    const equal = tables.every((table) => table.equal);
    if (options.swap) await swapInSideTables(owner);
    await owner.query("commit");
    return { equal, swapped: options.swap, ...counts, tables };
  } finally {
    await side.end();
    await owner.query("rollback").catch(() => {});
    await dropSideTables(owner).catch(() => {});
    await owner.end();
  }
}

/** Positions of the ledger group by topic and partition. */
type Ends = ReadonlyMap<string, bigint>;

const endOf = (ends: Ends, cursor: Cursor): bigint =>
  ends.get(`${cursor.topic} ${cursor.partition}`) ?? cursor.next;

async function cursorsAtStart(eventLog: EventLog): Promise<Cursor[]> {
  const cursors: Cursor[] = [];
  for (const { topic } of [topics.ordersBackfill, topics.orders]) {
    for (const { partition, start } of await eventLog.bounds(topic)) {
      cursors.push({ topic, partition, next: start });
    }
  }
  return cursors;
}

async function checkpointsOf(owner: pg.Client, hold: boolean): Promise<Ends> {
  const { rows } = await owner.query<{ topic: string; partition: number; position: string }>(
    `select topic, partition, position from ${databaseSchema}.checkpoint
     where group_name = $1 order by topic, partition ${hold ? "for update" : ""}`,
    [LEDGER_GROUP],
  );
  return new Map(rows.map((row) => [`${row.topic} ${row.partition}`, BigInt(row.position)]));
}

/**
 * Records that the live processor could not settle, as `topic partition offset`. A sum that overflowed
 * there would overflow here too, perhaps at another record, since partitions come in another order.
 */
async function recordsSetAside(owner: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await owner.query<{ topic: string; partition: number; record_offset: string }>(
    `select topic, partition, record_offset from ${databaseSchema}.dead_letter where group_name = $1`,
    [LEDGER_GROUP],
  );
  return new Set(rows.map((row) => `${row.topic} ${row.partition} ${row.record_offset}`));
}

/** A stretch of one partition, from its cursor to `end`, without the records set aside. */
interface Stretch {
  readonly cursor: Cursor;
  readonly end: bigint;
  readonly setAside: ReadonlySet<string>;
}

async function replayPartition(
  side: pg.Pool,
  eventLog: EventLog,
  { cursor, end, setAside }: Stretch,
  counts: { records: number; deadLetters: number },
  onBatch: () => void,
): Promise<void> {
  while (cursor.next < end) {
    const read = { topic: cursor.topic, partition: cursor.partition, from: cursor.next };
    const records = (
      await eventLog.read({ ...read, maxCount: batchMaxCount, maxBytes: batchMaxBytes })
    ).filter((record) => record.offset < end);
    const last = records.at(-1);
    if (last === undefined) return;
    const settled = records.filter(
      ({ offset }) => !setAside.has(`${cursor.topic} ${cursor.partition} ${offset}`),
    );
    counts.deadLetters += records.length - settled.length;
    const arrived = settled.map(decodeOrder);
    await inTransaction(side, (tx) => applyOrders(tx, arrived), { pipelined: true });
    counts.records += records.length;
    cursor.next = last.offset + 1n;
    onBatch();
  }
}
