import { defineSettings, setting } from "@tillcast/core";
import { z } from "zod";

/** Settings of the watch, which proves while orders flow. */
export const proofSettings = defineSettings({
  WATCH_INTERVAL_MS: setting(z.coerce.number().int().min(100), {
    default: "15000",
    description: "How often the balance of orders, lag and silence are looked at, in milliseconds.",
  }),
  WATCH_UNEVEN_LOOKS: setting(z.coerce.number().int().min(1), {
    default: "2",
    description: "Looks in a row at which orders do not balance before the alarm is raised.",
  }),
  WATCH_ORDERS_COMPARED: setting(z.coerce.number().int().min(1).max(5_000), {
    default: "500",
    description: "Orders that each look holds against their ledger entries, round and round.",
  }),
  WATCH_LATE_AFTER_MS: setting(z.coerce.number().int().min(1_000), {
    default: "60000",
    description:
      "Age of the oldest unsettled live order beyond which the alarm is raised, in milliseconds.",
  }),
  WATCH_INTAKE_SILENT_AFTER_MS: setting(z.coerce.number().int().min(1_000), {
    default: "600000",
    description:
      "Time without a sign of life from any feed expected to be open beyond which the alarm is raised, in milliseconds.",
  }),
});
