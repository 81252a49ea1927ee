import { declareDeletion, declareSweep, type Sweep } from "@tillcast/core/work";

/** What sign-ins and parked orders leave behind. */
export const accountSweeps: readonly Sweep[] = [
  declareDeletion({
    table: "session",
    what: "sessions that expired or were idle for too long",
    days: 1,
    because: "Such a session lets nobody in; a day forgives clocks that differ.",
    key: "token_hash",
    since: "least(expires_at, last_seen_at + idle_limit)",
  }),
  declareDeletion({
    table: "sign_in_link",
    what: "sign-in links that expired",
    days: 7,
    because: "An expired link lets nobody in; a week answers why one did not work.",
    key: "token_hash",
    since: "expires_at",
  }),
  declareDeletion({
    table: "sign_in_delay",
    what: "failed sign-ins",
    days: 1,
    because: "A delay starts anew a day after the last failure.",
    key: "counted",
    since: "failed_at",
  }),
  declareDeletion({
    table: "known_browser",
    what: "known browsers that expired",
    days: 1,
    because: "An expired one is exempt from nothing.",
    key: "token_hash",
    since: "expires_at",
  }),
  declareDeletion({
    table: "audit_event",
    what: "audit events",
    // Seven years and a day. The trigger of the table lets go of nothing younger.
    days: 2558,
    because: "Seven years are the longest that books have to be kept.",
    key: "audit_id",
    since: "at",
  }),
  declareSweep({
    table: "parked_order",
    what: "parked orders that were released",
    days: 90,
    because:
      "The order is in the log and in the ledger by then. What was not released stays: it is counted nowhere else.",
    statement: {
      name: "sweep-parked-orders",
      text: `
        delete from parked_order where (order_key, version_hash) in (
          select order_key, version_hash from parked_order
          where released_at < now() - $1 * interval '1 day'
          limit $2)`,
    },
  }),
];
