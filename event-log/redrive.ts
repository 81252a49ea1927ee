/** Appends dead letters to their topics again, after their cause is gone. */

import type { Clock } from "@tillcast/core";
import type { Pool } from "pg";
import { type DeadLetter, placeOf } from "./dead-letters.ts";
import type { EventLog, NewRecord } from "./port.ts";

const markRedrivenSql = `
  update dead_letter set redriven_at = $5, redriven_by = $6
  where topic = $1 and topic_id = $2 and partition = $3 and record_offset = $4
    and redriven_at is null`;

/** The header with the place where a redriven record was first stored. */
const REDRIVEN_FROM_HEADER = "redriven-from";

/**
 * Appends dead letters to their topics again, unchanged, and stores who did so. Resolves with the number
 * of appended records. A record that several groups set aside is appended once. The mark is stored after
 * the append: after a crash in between, a dead letter may be appended twice, but none is lost. Every
 * reader counts a record that comes twice once.
 */
export async function redriveDeadLetters(
  deps: { readonly pool: Pool; readonly eventLog: EventLog; readonly clock: Clock },
  letters: readonly DeadLetter[],
  by: string,
): Promise<number> {
  const records = new Map(letters.map((one) => [`${one.topicId} ${placeOf(one)}`, one]));
  for (const one of records.values()) {
    const headers = { ...one.headers, [REDRIVEN_FROM_HEADER]: placeOf(one) };
    const { key, value } = one;
    // Only earlier releases stored the value as the reader got it, in their own shape.
    const record: NewRecord = one.isPlain
      ? { key, value, headers, writtenIn: "frozen" }
      : { key, value, headers, isFramed: true };
    await deps.eventLog.append(one.topic, [record]);
    await deps.pool.query(markRedrivenSql, [
      one.topic,
      one.topicId,
      one.partition,
      one.offset,
      new Date(deps.clock.now()),
      by,
    ]);
  }
  return records.size;
}
