import { defineSettings, setting } from "@tillcast/core";
import { z } from "zod";

/** Settings of the stream processors. */
export const streamProcessorSettings = defineSettings({
  LEDGER_BATCH_MAX_COUNT: setting(z.coerce.number().int().min(1).max(5_000), {
    default: "2000",
    description:
      "Most live orders per ledger transaction. While catching up, 2,000 costs 7 % less CPU than 1,000, and 30 MB more memory.",
  }),
  LEDGER_BACKFILL_BATCH_MAX_COUNT: setting(z.coerce.number().int().min(1).max(5_000), {
    default: "400",
    description:
      "Most imported orders per ledger transaction. It is smaller, so that a process that also serves dashboards stays responsive.",
  }),
  LEDGER_BATCH_MAX_BYTES: setting(z.coerce.number().int().min(1_000), {
    default: "4000000",
    description: "Most bytes of orders per ledger transaction, which limits memory.",
  }),
  LEDGER_TRANSACTIONS_AT_ONCE: setting(z.coerce.number().int().min(1).max(16), {
    default: "2",
    description:
      "Most ledger transactions of one process at the same time. Each needs a connection. Only full batches run in parallel.",
  }),
  LEDGER_BACKFILL_TRANSACTIONS_AT_ONCE: setting(z.coerce.number().int().min(1).max(16), {
    default: "2",
    description:
      "Most ledger transactions for imported orders at the same time. Live orders go first.",
  }),
  LEDGER_LIVE_DELAY_MAX_MS: setting(z.coerce.number().int().min(10), {
    default: "500",
    description: "Imported orders pause while live orders wait longer than this, in milliseconds.",
  }),
  LEDGER_ANNOUNCE_INTERVAL_MS: setting(z.coerce.number().int().min(100), {
    default: "10000",
    description: "How often the versions of changed stores are published again, in milliseconds.",
  }),
  FEED_CHECK_INTERVAL_MS: setting(z.coerce.number().int().min(100), {
    default: "5000",
    description: "How often feeds are checked for proof of life, in milliseconds.",
  }),
  FEED_SILENT_AFTER_MS: setting(z.coerce.number().int().min(1_000), {
    default: "120000",
    description:
      "Time without proof of life after which a feed is no longer live, in milliseconds.",
  }),
});
