import { runStatement, type Statement, textArray } from "@tillcast/core/database";
import { countNameConflicts } from "@tillcast/core/orders";
import type { EventLog } from "@tillcast/event-log";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import type { Pool } from "pg";
import { balancePartition, type PartitionBalance, type PartitionTally } from "./balance.ts";

/** The balance of all accepted orders. */
export interface Balance {
  readonly partitions: readonly PartitionBalance[];
  /** Parked orders, which are in no topic because their store is unknown. */
  readonly parked: bigint;
  /** Settled records that are not counted, because they do not fit the order known under their number. */
  readonly nameConflicts: bigint;
}

const selectTallies: Statement = {
  name: "balance-select-tallies",
  text: `
    select c.topic, c.partition, c.topic_id, c.position, c.tally_from, c.settled_records,
      (select count(*) from dead_letter d
        where d.topic = c.topic and d.topic_id = c.topic_id and d.partition = c.partition
        and d.group_name = c.group_name
        and d.record_offset >= c.tally_from and d.record_offset < c.position) as dead_letters
    from checkpoint c
    where c.group_name = $1 and c.topic = any($2::text[])
    order by c.topic, c.partition`,
};

const countParked: Statement = {
  name: "balance-count-parked",
  text: "select count(*) as parked from parked_order where released_at is null",
};

interface TallyRow {
  readonly topic: string;
  readonly partition: number;
  readonly topic_id: string;
  readonly position: bigint;
  readonly tally_from: bigint;
  readonly settled_records: bigint;
  readonly dead_letters: bigint;
}

/**
 * Loads the balance of both order topics. One statement reads all tallies, so that they are consistent while orders
 * are settled. The log's ends are read after them, so that they are never behind.
 */
export async function loadBalance(pool: Pool, eventLog: EventLog): Promise<Balance> {
  const orderTopics = [topics.orders.topic, topics.ordersBackfill.topic];
  const { rows } = await runStatement<TallyRow>(pool, selectTallies, [
    LEDGER_GROUP,
    textArray(orderTopics),
  ]);
  const parked = await runStatement<{ parked: bigint }>(pool, countParked, []);
  const ends = new Map<string, bigint>();
  for (const topic of orderTopics) {
    const topicId = await eventLog.topicId(topic);
    for (const { partition, end } of await eventLog.bounds(topic)) {
      ends.set(`${topicId}/${partition}`, end);
    }
  }
  const partitions = rows.map((row) => {
    // The topic was created again. Such a partition has stopped and cannot be balanced.
    const end = ends.get(`${row.topic_id}/${row.partition}`) ?? row.position;
    return balancePartition(tallyOf(row), end);
  });
  const { count: nameConflicts } = await countNameConflicts(pool);
  return { partitions, parked: parked.rows[0]?.parked ?? 0n, nameConflicts };
}

const tallyOf = (row: TallyRow): PartitionTally => ({
  topic: row.topic,
  partition: row.partition,
  position: row.position,
  tallyFrom: row.tally_from,
  settled: row.settled_records,
  deadLetters: row.dead_letters,
});
