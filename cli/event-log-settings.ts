import { defineSettings, setting } from "@tillcast/core";
import { z } from "zod";

/** Settings of the event log. They must be equal in every process of an installation. */
export const eventLogSettings = defineSettings({
  EVENT_LOG: setting(z.enum(["postgres", "kafka"]), {
    default: "postgres",
    description: "Where the event log is stored: in PostgreSQL or in Apache Kafka.",
  }),
  LOG_SET_ASIDE_MAX: setting(z.coerce.number().int().min(0).max(100), {
    default: "20",
    description:
      "How many of the last 100 records of a partition may be set aside as unreadable. One more stops the partition. 100 never stops it.",
  }),
  LOG_SCHEMA_WAIT_MS: setting(z.coerce.number().int().min(0).max(86_400_000), {
    default: "300000",
    description:
      "How long a partition waits for a schema that is not registered, in milliseconds. Then it stops.",
  }),
  KAFKA_BROKERS: setting(z.string().min(1).optional(), {
    description:
      "Some of the Kafka brokers as host:port, separated by commas. Required with EVENT_LOG=kafka.",
  }),
  SCHEMA_REGISTRY_URL: setting(z.url({ protocol: /^https?$/ }).optional(), {
    description:
      "Address of a schema registry with Confluent's REST API, such as Apicurio's /apis/ccompat/v7. Required with EVENT_LOG=kafka.",
  }),
  SCHEMA_REGISTRY_USERNAME: setting(z.string().min(1).optional(), {
    description: "User for the schema registry, if it requires one.",
  }),
  SCHEMA_REGISTRY_PASSWORD: setting(z.string().min(1).optional(), {
    description: "Password for the schema registry.",
  }),
  KAFKA_REPLICATION_FACTOR: setting(z.coerce.number().int().min(-1).max(10), {
    default: "-1",
    description:
      "Replicas of a new topic; -1 leaves it to the brokers. Use 3 in production, with min.insync.replicas of 2.",
  }),
  KAFKA_TLS: setting(z.enum(["on", "off"]), {
    default: "off",
    description: "Whether to connect to the brokers with TLS.",
  }),
  KAFKA_TLS_CA_FILE: setting(z.string().min(1).optional(), {
    description:
      "PEM file of the authority that signed the brokers' certificates. Without it, the system's authorities apply.",
  }),
  KAFKA_TLS_CERT_FILE: setting(z.string().min(1).optional(), {
    description: "PEM file of our client certificate, if the brokers require one.",
  }),
  KAFKA_TLS_KEY_FILE: setting(z.string().min(1).optional(), {
    description: "PEM file of the client certificate's key.",
  }),
  KAFKA_SASL_MECHANISM: setting(z.enum(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]).optional(), {
    description: "SASL mechanism for the brokers. Without it, there is no SASL.",
  }),
  KAFKA_SASL_USERNAME: setting(z.string().min(1).optional(), {
    description: "SASL user for the brokers.",
  }),
  KAFKA_SASL_PASSWORD: setting(z.string().min(1).optional(), {
    description: "SASL password for the brokers.",
  }),
});
