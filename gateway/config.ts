import { defineSettings, setting } from "@tillcast/core";
import { z } from "zod";

const origins = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(z.array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin)));

/** Settings of the gateway by their names in the environment. */
export const gatewaySettings = defineSettings({
  TILLCAST_ORIGINS: setting(origins.optional(), {
    description:
      "Further addresses of the web app, such as https://sales.example.com, where a proxy changes the Host header.",
  }),
  TILLCAST_SOCKETS_PER_CREDENTIAL: setting(z.coerce.number().int().min(1).max(20_000), {
    default: "200",
    description:
      "Live sockets that one key or session has open in one process; each browser tab has one.",
  }),
  TILLCAST_SOCKETS_PER_TENANT: setting(z.coerce.number().int().min(1).max(20_000), {
    default: "5000",
    description:
      "Live sockets that one tenant has open in one process, a quarter of the 20,000 that it takes.",
  }),
  TILLCAST_SESSION_DAYS: setting(z.coerce.number().int().min(1).max(90), {
    default: "14",
    description: "Days after which a person signs in again.",
  }),
  TILLCAST_SESSION_IDLE_HOURS: setting(z.coerce.number().int().min(1).max(2_160), {
    default: "72",
    description:
      "Hours after which an unused session is over; a dashboard that is open on a screen counts as use.",
  }),
  TILLCAST_SIGN_IN_TRIES: setting(z.coerce.number().int().min(1).max(10_000), {
    default: "5",
    description:
      "Failed sign-ins of one email from one network before each further one waits, twice as long each time; a network has six times as many.",
  }),
});

/** Limits of the live connection, each with its reason. */
export const liveLimits = {
  /** Sockets of one process; each costs about 20 kB. */
  socketsMax: 20_000,
  /** Faster than eyes follow, slow enough that a burst of orders is one message. */
  roomPauseMs: 100,
  /** A reader this many packets behind is quicker served by a new snapshot; 256 packets are about 90 kB. */
  writeBufferMaxPackets: 256,
  /** How often readers are looked at; a stalled one costs at most this long's messages. */
  sweepMs: 250,
  /** A socket outlives its cookie by at most this long. */
  recheckMs: 8_000,
  /** Sessions and keys that are looked up at the same time while they are checked again. */
  recheckAtOnce: 8,
  /** Largest message a client may send: 500 store ids need 20 kB. */
  messageMaxBytes: 64 * 1024,
  /** Stores that one socket may follow. */
  storesMax: 2_000,
  /** Snapshots of one socket that are read at the same time; the others wait. */
  snapshotsAtOnce: 4,
  /** Snapshots of one socket that wait: a store list is at most this long. */
  snapshotsWaitingMax: 500,
  /** Joins of one socket that wait for the one under way: a page of many lists joins a few times. */
  joinsWaitingMax: 50,
  /** Over this long reconnecting clients are spread when a server stops. */
  drainSpreadMs: 3_000,
  /** Time for the word of a stop to reach the clients. */
  drainFlushMs: 150,
  /** A tenant's policy is at most this old. */
  policyMaxAgeMs: 30_000,
  /** Tenants whose policy is remembered, about 200 bytes each. */
  policiesMax: 10_000,
} as const;
