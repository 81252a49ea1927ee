import { defineSettings, type Settings, setting } from "@tillcast/core";
import { z } from "zod";

/** Settings of ingest. Other limits are next to the code that they limit. */
export const ingestSettings = defineSettings({
  INGEST_BODY_MAX_BYTES: setting(z.coerce.number().int().min(65_536).max(67_108_864), {
    default: "8388608",
    description: "Largest body of POST /v1/orders, in bytes. The default fits 500 orders of 16 kB.",
  }),
  INGEST_IN_FLIGHT_ORDERS_MAX: setting(z.coerce.number().int().min(500).max(1_000_000), {
    default: "5000",
    description:
      "Most orders that one process handles at the same time. Above it, requests get 503.",
  }),
  INGEST_KEY_ORDERS_PER_SECOND: setting(z.coerce.number().int().min(1).max(1_000_000), {
    default: "20000",
    description: "Orders per second that one API key may send. Above it, requests get 429.",
  }),
  INGEST_FEEDS_MAX: setting(z.coerce.number().int().min(1).max(1_000_000), {
    default: "5000",
    description:
      "Most feeds of a tenant. Orders and heartbeats of a new location beyond it are refused.",
  }),
  INGEST_PARKED_ORDERS_MAX: setting(z.coerce.number().int().min(1).max(10_000_000), {
    default: "50000",
    description: "Most parked orders of a tenant. Further orders that would wait are refused.",
  }),
  INGEST_PARKED_BYTES_MAX: setting(z.coerce.number().int().min(65_536).max(1_099_511_627_776), {
    default: "268435456",
    description: "Most bytes of a tenant's parked orders, as they were pushed.",
  }),
  INGEST_INBOX_BATCH_MAX_COUNT: setting(z.coerce.number().int().min(1).max(500), {
    default: "200",
    description: "Most orders read from an inbox at once, up to the size of a push.",
  }),
  INGEST_INBOX_CHECK_INTERVAL_MS: setting(z.coerce.number().int().min(50).max(60_000), {
    default: "3000",
    description: "How often ingest looks for new inboxes, in milliseconds.",
  }),
  INGEST_RELEASE_INTERVAL_MS: setting(z.coerce.number().int().min(100).max(3_600_000), {
    default: "5000",
    description: "How often ingest checks whether parked orders can be released, in milliseconds.",
  }),
});

/** The values of ingest's settings. */
export type IngestSettings = Settings<typeof ingestSettings>;
