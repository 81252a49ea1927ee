import { defineSettings, setting } from "@tillcast/core";
import { z } from "zod";

/** Settings of the watch, which checks the books while orders flow. */
export const proofSettings = defineSettings({
  WATCH_INTERVAL_MS: setting(z.coerce.number().int().min(100), {
    default: "15000",
    description:
      "How often the watch checks the balance of orders, the lag and silent feeds, in milliseconds.",
  }),
  WATCH_UNEVEN_LOOKS: setting(z.coerce.number().int().min(1), {
    default: "2",
    description:
      "Number of checks in a row in which orders must not balance before the alarm is raised.",
  }),
  WATCH_ORDERS_COMPARED: setting(z.coerce.number().int().min(1).max(5_000), {
    default: "500",
    description:
      "Orders per check that are compared with their ledger entries. The watch goes through all orders in turn.",
  }),
  WATCH_LATE_AFTER_MS: setting(z.coerce.number().int().min(1_000), {
    default: "60000",
    description:
      "Age of the oldest unsettled live order above which the alarm is raised, in milliseconds.",
  }),
  WATCH_INTAKE_SILENT_AFTER_MS: setting(z.coerce.number().int().min(1_000), {
    default: "600000",
    description:
      "Time without proof of life from every feed that is expected to be open, after which the alarm is raised, in milliseconds.",
  }),
});
