import { defineSettings, setting } from "@tillcast/core";
import { z } from "zod";

/** Limits of what callers may ask of one process. */
export const edgeSettings = defineSettings({
  TILLCAST_REQUESTS_PER_SECOND: setting(z.coerce.number().int().min(1).max(100_000), {
    default: "50",
    description:
      "Requests a second of one key or session in one process, pushes of orders apart; ten seconds' worth may come at once, since a page that opens asks for some ten answers. Beyond it the answer is 429.",
  }),
  TILLCAST_REQUESTS_AT_ONCE: setting(z.coerce.number().int().min(1).max(10_000), {
    default: "64",
    description:
      "Requests of one key or session that one process works on at the same time; beyond it the answer is 429.",
  }),
  TILLCAST_TENANT_READS_AT_ONCE: setting(z.coerce.number().int().min(1).max(100), {
    default: "6",
    description:
      "Reads of one tenant that hold a database connection of one process at the same time: half of the 12 that there are, so that no tenant takes all. Further ones wait up to 5 s; then the answer is 503.",
  }),
  TILLCAST_FAILED_CREDENTIALS_PER_MINUTE: setting(z.coerce.number().int().min(1).max(100_000), {
    default: "60",
    description:
      "Keys and sessions that are nobody's, of one address in a minute in one process; beyond it unknown ones get 429 without being looked up, and those that were good lately still work.",
  }),
});
