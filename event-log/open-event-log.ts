/** Opens the event log that the settings name: the PostgreSQL or the Kafka adapter, with schema ids in the values. */

import type { Clock, Logger, Metrics } from "@tillcast/core";
import { appError } from "@tillcast/core";
import { hasTurned } from "@tillcast/core/database";
import { codecOf, firstFingerprintOf, tenantOfInbox } from "@tillcast/schemas";
import type { Pool } from "pg";
import { defaultGroupLimits } from "./group/group-limits.ts";
import { connectKafka, type KafkaConnection } from "./kafka/clients.ts";
import { defaultKafkaLimits } from "./kafka/kafka-limits.ts";
import { openKafkaLog } from "./kafka/kafka-log.ts";
import type { EventLog } from "./port.ts";
import { openPostgresLog } from "./postgres/postgres-log.ts";
import { makeConfluentRegistry } from "./schema-ids/confluent-registry.ts";
import { withSchemaIds } from "./schema-ids/log-with-schema-ids.ts";
import { keepingSchemas, makeTableRegistry, unframedSchema } from "./schema-ids/table-registry.ts";

/** Which log to open and how to reach it, by the names of the settings. */
export interface EventLogSettings {
  readonly EVENT_LOG: "postgres" | "kafka";
  readonly LOG_SET_ASIDE_MAX?: number;
  readonly LOG_SCHEMA_WAIT_MS?: number;
  readonly KAFKA_BROKERS?: string | undefined;
  readonly KAFKA_REPLICATION_FACTOR: number;
  readonly KAFKA_TLS: "on" | "off";
  readonly KAFKA_TLS_CA_FILE?: string | undefined;
  readonly KAFKA_TLS_CERT_FILE?: string | undefined;
  readonly KAFKA_TLS_KEY_FILE?: string | undefined;
  readonly KAFKA_SASL_MECHANISM?: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512" | undefined;
  readonly KAFKA_SASL_USERNAME?: string | undefined;
  readonly KAFKA_SASL_PASSWORD?: string | undefined;
  readonly SCHEMA_REGISTRY_URL?: string | undefined;
  readonly SCHEMA_REGISTRY_USERNAME?: string | undefined;
  readonly SCHEMA_REGISTRY_PASSWORD?: string | undefined;
}

export interface EventLogOptions {
  readonly settings: EventLogSettings;
  /** The service pool. Checkpoints and dead letters are in our database for both logs. */
  readonly pool: Pool;
  /** The database's address, for connections outside the pool. */
  readonly url: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly clock?: Clock;
  /** Shown in `pg_stat_activity`, and used as client id for the brokers. */
  readonly applicationName: string;
}

/** Opens the log. Throws `configInvalid` if a setting is missing or wrong. */
export async function openEventLog(options: EventLogOptions): Promise<EventLog> {
  const { settings, ...shared } = options;
  const limits = {
    setAsideMax: settings.LOG_SET_ASIDE_MAX ?? defaultGroupLimits.setAsideMax,
    schemaWaitMs: settings.LOG_SCHEMA_WAIT_MS ?? defaultGroupLimits.schemaWaitMs,
  };
  const schemaIds = {
    codecOf,
    isForeign: (topic: string) => tenantOfInbox(topic) !== undefined,
    hasTurned: () => hasTurned(options.pool),
    log: options.log,
  };
  if (settings.EVENT_LOG === "postgres") {
    return withSchemaIds(await openPostgresLog({ ...shared, limits }), {
      ...schemaIds,
      registry: makeTableRegistry(options.pool),
      unframedOf: (topic) => {
        const fingerprint = firstFingerprintOf(topic);
        return fingerprint && unframedSchema(options.pool, fingerprint);
      },
    });
  }
  const { brokers, registryUrl } = requiredByKafka(settings);
  const connection = connectionOf(settings, brokers, options.applicationName);
  const inner = openKafkaLog({
    ...shared,
    limits,
    clients: connectKafka(connection, defaultKafkaLimits),
    replicationFactor: settings.KAFKA_REPLICATION_FACTOR,
  });
  const registry = makeConfluentRegistry({
    url: registryUrl,
    username: settings.SCHEMA_REGISTRY_USERNAME,
    password: settings.SCHEMA_REGISTRY_PASSWORD,
  });
  return withSchemaIds(inner, { ...schemaIds, registry: keepingSchemas(options.pool, registry) });
}

/** The settings that `EVENT_LOG=kafka` requires. Reports all faults at once. */
function requiredByKafka(settings: EventLogSettings) {
  const brokers = (settings.KAFKA_BROKERS ?? "").split(",").map((broker) => broker.trim());
  const registryUrl = settings.SCHEMA_REGISTRY_URL;
  const faults: string[] = [];
  if (settings.KAFKA_BROKERS === undefined) {
    faults.push("KAFKA_BROKERS is required with EVENT_LOG=kafka");
  } else if (
    !brokers.every((broker) => /^[^\s:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i.test(broker))
  ) {
    faults.push("KAFKA_BROKERS: expected host:port, with commas between several");
  }
  if (registryUrl === undefined) {
    faults.push("SCHEMA_REGISTRY_URL is required with EVENT_LOG=kafka");
  }
  if ((settings.KAFKA_SASL_MECHANISM !== undefined) !== (saslOf(settings) !== undefined)) {
    faults.push(
      "KAFKA_SASL_USERNAME and KAFKA_SASL_PASSWORD are required with KAFKA_SASL_MECHANISM",
    );
  }
  if (faults.length > 0 || registryUrl === undefined) {
    throw appError("configInvalid", { faults: faults.join("; ") });
  }
  return { brokers, registryUrl };
}

function connectionOf(
  settings: EventLogSettings,
  brokers: readonly string[],
  applicationName: string,
): KafkaConnection {
  const tls = {
    caFile: settings.KAFKA_TLS_CA_FILE,
    certFile: settings.KAFKA_TLS_CERT_FILE,
    keyFile: settings.KAFKA_TLS_KEY_FILE,
  };
  return {
    brokers,
    clientId: applicationName.replaceAll(/\s+/g, "-"),
    tls: settings.KAFKA_TLS === "on" ? tls : undefined,
    sasl: saslOf(settings),
  };
}

function saslOf({
  KAFKA_SASL_MECHANISM: mechanism,
  KAFKA_SASL_USERNAME: username,
  KAFKA_SASL_PASSWORD: password,
}: EventLogSettings): KafkaConnection["sasl"] {
  if (mechanism === undefined || username === undefined || password === undefined) return undefined;
  return { mechanism, username, password };
}
