import { declareSweep, type Sweep } from "@tillcast/core/work";

/** What sign-ins and parked orders leave behind. */
export const accountSweeps: readonly Sweep[] = [
  declareSweep({
    table: "session",
    what: "sessions that expired or were idle for too long",
    days: 1,
    because: "Such a session lets nobody in; a day forgives clocks that differ.",
    statement: {
      name: "sweep-sessions",
      text: `
        delete from session where token_hash = any(array(
          select token_hash from session
          where least(expires_at, last_seen_at + idle_limit) < now() - $1 * interval '1 day'
          limit $2))`,
    },
  }),
  declareSweep({
    table: "sign_in_link",
    what: "sign-in links that expired",
    days: 7,
    because: "An expired link lets nobody in; a week answers why one did not work.",
    statement: {
      name: "sweep-sign-in-links",
      text: `
        delete from sign_in_link where token_hash = any(array(
          select token_hash from sign_in_link where expires_at < now() - $1 * interval '1 day' limit $2))`,
    },
  }),
  declareSweep({
    table: "sign_in_delay",
    what: "failed sign-ins",
    days: 1,
    because: "A delay starts anew a day after the last failure.",
    statement: {
      name: "sweep-sign-in-delays",
      text: `
        delete from sign_in_delay where counted = any(array(
          select counted from sign_in_delay where failed_at < now() - $1 * interval '1 day' limit $2))`,
    },
  }),
  declareSweep({
    table: "known_browser",
    what: "known browsers that expired",
    days: 1,
    because: "An expired one is exempt from nothing.",
    statement: {
      name: "sweep-known-browsers",
      text: `
        delete from known_browser where token_hash = any(array(
          select token_hash from known_browser where expires_at < now() - $1 * interval '1 day' limit $2))`,
    },
  }),
  declareSweep({
    table: "audit_event",
    what: "audit events",
    // Seven years and a day. The trigger of the table lets go of nothing younger.
    days: 2558,
    because: "Seven years are the longest that books have to be kept.",
    statement: {
      name: "sweep-audit",
      text: `
        delete from audit_event where audit_id = any(array(
          select audit_id from audit_event where at < now() - $1 * interval '1 day' limit $2))`,
    },
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
