import { declareSweep, type Sweep } from "@tillcast/core/work";

/** What the event log's readers leave behind. */
export const logSweeps: readonly Sweep[] = [
  declareSweep({
    table: "dead_letter",
    what: "dead letters that were sent again and are emptied",
    days: 90,
    because:
      "The record lies in the log anew, under another place. The row stays, empty: the balance counts it, and a replay skips its old place. What was not sent again stays whole: it is counted nowhere.",
    statement: {
      name: "sweep-dead-letters",
      text: `
        update dead_letter set value = '', headers = '{}'
        where (topic, topic_id, partition, record_offset, group_name) in (
          select topic, topic_id, partition, record_offset, group_name from dead_letter
          where redriven_at < now() - $1 * interval '1 day' and octet_length(value) > 0
          limit $2)`,
    },
  }),
];
