import { declareSweep, type Sweep } from "@tillcast/core/work";

/** What sign-ins and parked orders leave behind. */
export const accountSweeps: readonly Sweep[] = [
  declareSweep({
    table: "session",
    what: "sessions that expired",
    days: 1,
    because: "An expired session lets nobody in; a day forgives clocks that differ.",
    statement: {
      name: "sweep-sessions",
      text: `
        delete from session where token_hash = any(array(
          select token_hash from session where expires_at < now() - $1 * interval '1 day' limit $2))`,
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
