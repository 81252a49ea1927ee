import { setTimeout as pause } from "node:timers/promises";
import { findAppError } from "@tillcast/core";
import { type Database, turnedAt } from "@tillcast/core/database";
import { countNameConflicts } from "@tillcast/core/orders";
import type { EventLog } from "@tillcast/event-log";
import { LEDGER_GROUP, topics } from "@tillcast/schemas";
import { type Check, failed, notice, ok } from "./check.ts";

/** A server that counts moves its checkpoints within this time. */
const movesWithinMs = 3_000;

/** The event log, and what was acknowledged and is not counted. */
export async function checkLog(
  pool: Database["service"],
  eventLog: EventLog,
  isServed: boolean,
): Promise<Check[]> {
  const checks = [await checkTopics(eventLog), await checkUncounted(eventLog, isServed)];
  return [
    ...checks,
    await checkShape(pool),
    await checkDeadLetters(pool),
    await checkParked(pool),
    await checkNames(pool),
  ];
}

async function checkShape(pool: Database["service"]): Promise<Check> {
  const name = "shape of records";
  if ((await turnedAt(pool)) !== null) return ok(name, "this release's");
  const how = "once no older process is left: npx tillcast log shape --turn";
  return notice(name, `the release before's, which lacks what it does not know; ${how}`);
}

async function checkTopics(eventLog: EventLog): Promise<Check> {
  const name = "topics";
  const missing: string[] = [];
  let partitions = 0;
  for (const { topic } of Object.values(topics)) {
    try {
      partitions += (await eventLog.bounds(topic)).length;
    } catch (error) {
      const fault = findAppError(error);
      if (fault?.code !== "notFound") return failed(name, fault?.message ?? String(error));
      missing.push(topic);
    }
  }
  if (missing.length > 0) return failed(name, `missing: ${missing.join(", ")}`);
  return ok(name, `all ${Object.keys(topics).length}, with ${partitions} partitions`);
}

async function checkUncounted(eventLog: EventLog, isServed: boolean): Promise<Check> {
  const name = "ledger";
  const before = await lagOfLedger(eventLog);
  if (before.isBeyondEnd) {
    return failed(name, "a checkpoint lies beyond the log's end; see docs/runbook.md");
  }
  if (before.left === 0n) return ok(name, "every accepted order is settled");
  if (!isServed) {
    return notice(name, `${before.left} accepted orders wait for a server; npm start counts them`);
  }
  await pause(movesWithinMs);
  const after = await lagOfLedger(eventLog);
  if (after.left === 0n) return ok(name, "every accepted order is settled");
  return after.settled > before.settled
    ? notice(name, `${after.left} accepted orders are being counted`)
    : failed(name, `${after.left} accepted orders wait and none is counted; see docs/runbook.md`);
}

interface LedgerLag {
  readonly settled: bigint;
  readonly left: bigint;
  /** The log was put back to an earlier state behind the database. */
  readonly isBeyondEnd: boolean;
}

/** Records of both order topics that the ledger has settled, and those accepted and not yet settled. */
async function lagOfLedger(eventLog: EventLog): Promise<LedgerLag> {
  const lags = await Promise.all(
    [topics.orders, topics.ordersBackfill].map(({ topic }) => eventLog.lag(topic, LEDGER_GROUP)),
  );
  return lags.flat().reduce<LedgerLag>(
    (sum, { position, lagRecords }) => ({
      settled: sum.settled + position,
      left: sum.left + lagRecords,
      isBeyondEnd: sum.isBeyondEnd || lagRecords < 0n,
    }),
    { settled: 0n, left: 0n, isBeyondEnd: false },
  );
}

async function checkDeadLetters(pool: Database["service"]): Promise<Check> {
  const name = "dead letters";
  const { rows } = await pool.query<{ group: string; count: string; reason: string }>(
    `select group_name as group, count(*) as count, (array_agg(reason order by at desc))[1] as reason
     from dead_letter where redriven_at is null
     group by group_name order by max(at) desc`,
  );
  const [last] = rows;
  if (last === undefined) return ok(name, "none");
  const counts = rows.map(({ group, count }) => `${count} of ${group}`).join(", ");
  return failed(
    name,
    `${counts} wait for someone (npx tillcast dead-letters list), the last one: ${last.reason}`,
  );
}

async function checkNames(pool: Database["service"]): Promise<Check> {
  const name = "orders' names";
  const { count } = await countNameConflicts(pool);
  if (count === 0n) return ok(name, "none in conflict");
  return notice(
    name,
    `${count} orders bear the number of another and are not counted (npx tillcast orders conflicts)`,
  );
}

async function checkParked(pool: Database["service"]): Promise<Check> {
  const name = "parked orders";
  const { rows } = await pool.query<{ count: string; places: string[] | null }>(
    `select count(*) as count,
       (array_agg(distinct source || '/' || account_id || '/' || location_id))[1:3] as places
     from parked_order where released_at is null`,
  );
  const { count = "0", places = null } = rows[0] ?? {};
  if (count === "0") return ok(name, "none");
  return notice(
    name,
    `${count} orders wait for their store to be known, such as those of ${(places ?? []).join(", ")}`,
  );
}
