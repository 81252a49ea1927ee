import { defineSettings, setting } from "@tillcast/core";
import { z } from "zod";

/** Settings of the stream processors. */
export const streamProcessorSettings = defineSettings({
  LEDGER_BATCH_MAX_COUNT: setting(z.coerce.number().int().min(1).max(5_000), {
    default: "2000",
    description:
      "Most orders that one ledger transaction takes: of who catches up, 2,000 cost 7 % less processor time than 1,000 (they touch the same windows more often), and take 30 MB more.",
  }),
  LEDGER_BACKFILL_BATCH_MAX_COUNT: setting(z.coerce.number().int().min(1).max(5_000), {
    default: "400",
    description:
      "The same for history; smaller, so that a process that also serves dashboards answers in between.",
  }),
  LEDGER_BATCH_MAX_BYTES: setting(z.coerce.number().int().min(1_000), {
    default: "4000000",
    description: "Most bytes of orders that one ledger transaction takes; bounds memory.",
  }),
  LEDGER_TRANSACTIONS_AT_ONCE: setting(z.coerce.number().int().min(1).max(16), {
    default: "2",
    description:
      "Ledger transactions of one process at the same time; each needs a connection. One that is not full is alone of its kind, and what comes meanwhile is gathered for the next.",
  }),
  LEDGER_BACKFILL_TRANSACTIONS_AT_ONCE: setting(z.coerce.number().int().min(1).max(16), {
    default: "2",
    description: "The same for history, which gives way to live orders.",
  }),
  LEDGER_LIVE_DELAY_MAX_MS: setting(z.coerce.number().int().min(10), {
    default: "500",
    description: "History pauses while live orders wait longer than this, in milliseconds.",
  }),
  LEDGER_ANNOUNCE_INTERVAL_MS: setting(z.coerce.number().int().min(100), {
    default: "10000",
    description: "How often the version of changed stores is said again, in milliseconds.",
  }),
  FEED_CHECK_INTERVAL_MS: setting(z.coerce.number().int().min(100), {
    default: "5000",
    description: "How often feeds are looked at for proof of life, in milliseconds.",
  }),
  FEED_SILENT_AFTER_MS: setting(z.coerce.number().int().min(1_000), {
    default: "120000",
    description: "A feed without proof of life for this long is no longer live, in milliseconds.",
  }),
});
