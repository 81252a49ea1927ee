import { defineSettings, setting } from "@tillcast/core";
import { z } from "zod";

/** Settings of the event log; the same for every process of an installation. */
export const eventLogSettings = defineSettings({
  EVENT_LOG: setting(z.enum(["postgres", "kafka"]), {
    default: "postgres",
    description: "Where the event log lies: in the database, or on Apache Kafka.",
  }),
  LOG_SET_ASIDE_MAX: setting(z.coerce.number().int().min(0).max(100), {
    default: "20",
    description:
      "Of the last 100 records of a partition so many may be set aside as unreadable; one more stops the partition, since then the fault is hardly the records' own. 100 never stops it.",
  }),
  LOG_SCHEMA_WAIT_MS: setting(z.coerce.number().int().min(0).max(86_400_000), {
    default: "300000",
    description:
      "Milliseconds for which a record of our own topics is tried again whose schema nobody has registered; then its partition stops.",
  }),
  KAFKA_BROKERS: setting(z.string().min(1).optional(), {
    description:
      "Some of the Kafka brokers, as host:port with commas; required with EVENT_LOG=kafka.",
  }),
  SCHEMA_REGISTRY_URL: setting(z.url({ protocol: /^https?$/ }).optional(), {
    description:
      "A schema registry with Confluent's REST API, such as Apicurio's under /apis/ccompat/v7; required with EVENT_LOG=kafka.",
  }),
  SCHEMA_REGISTRY_USERNAME: setting(z.string().min(1).optional(), {
    description: "User of the schema registry, where it asks for one.",
  }),
  SCHEMA_REGISTRY_PASSWORD: setting(z.string().min(1).optional(), {
    description: "The registry user's password.",
  }),
  KAFKA_REPLICATION_FACTOR: setting(z.coerce.number().int().min(-1).max(10), {
    default: "-1",
    description:
      "Copies of a new topic; -1 leaves it to the brokers. 3 in production, of which 2 must have a record before it counts as taken.",
  }),
  KAFKA_TLS: setting(z.enum(["on", "off"]), {
    default: "off",
    description: "Whether the brokers are spoken to by TLS.",
  }),
  KAFKA_TLS_CA_FILE: setting(z.string().min(1).optional(), {
    description:
      "PEM file of the authority that signed the brokers' certificates; else the system's.",
  }),
  KAFKA_TLS_CERT_FILE: setting(z.string().min(1).optional(), {
    description: "PEM file of our own certificate, where the brokers ask for one.",
  }),
  KAFKA_TLS_KEY_FILE: setting(z.string().min(1).optional(), {
    description: "PEM file of our certificate's key.",
  }),
  KAFKA_SASL_MECHANISM: setting(z.enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]).optional(), {
    description: "How we sign in to the brokers; absent, we do not.",
  }),
  KAFKA_SASL_USERNAME: setting(z.string().min(1).optional(), {
    description: "Our user at the brokers.",
  }),
  KAFKA_SASL_PASSWORD: setting(z.string().min(1).optional(), {
    description: "Our password at the brokers.",
  }),
});
