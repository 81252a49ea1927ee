/** Makes the Kafka clients of one process from its settings. No other file connects to Kafka. */

import { readFileSync } from "node:fs";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { Admin, type BaseOptions, Consumer, Producer } from "@platformatic/kafka";
import type { KafkaLogLimits } from "./kafka-limits.ts";

/** The address of the brokers, and our credentials. */
export interface KafkaConnection {
  /** `host:port` of some brokers. The client learns the others from them. */
  readonly brokers: readonly string[];
  /** The name in the brokers' logs and quotas. */
  readonly clientId: string;
  /** TLS for the connection to the brokers. Files are PEM. */
  readonly tls?: TlsFiles | undefined;
  readonly sasl?: KafkaSasl | undefined;
}

export interface TlsFiles {
  /** Certificate authorities to trust instead of the system's. */
  readonly caFile?: string | undefined;
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

export interface KafkaSasl {
  readonly mechanism: "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512";
  readonly username: string;
  readonly password: string;
}

export type KafkaProducer = Producer<Buffer, Buffer, Buffer, Buffer>;
export type KafkaConsumer = Consumer<Buffer, Buffer, Buffer, Buffer>;

/** The Kafka clients of one process. */
export interface KafkaClients {
  readonly producer: KafkaProducer;
  readonly admin: Admin;
  /** Makes a consumer for single fetches. It joins no Kafka group. */
  makeConsumer(): KafkaConsumer;
  /** Closes all clients. Running requests fail. Safe to call twice. */
  close(): Promise<void>;
}

/** The library requires a group id, although this consumer never joins a group. */
const unusedGroup = "tillcast-no-group";

/**
 * An idempotent producer retries for ever if it is given fewer than two retries, but an append must fail at
 * some time. Six retries take 1.5 s while connections are refused, and last longer than the election of a
 * new topic's leaders.
 */
const produceRetries = 6;
const retryDelayMs = 250;

/** Makes the clients. They connect on first use. */
export function connectKafka(connection: KafkaConnection, limits: KafkaLogLimits): KafkaClients {
  const options = baseOptions(connection, limits);
  // Retries under one producer id keep the order and append nothing twice.
  const producer: KafkaProducer = new Producer({
    ...options,
    acks: -1,
    idempotent: true,
    retries: produceRetries,
  });
  const admin = new Admin(options);
  const consumers = new Set<KafkaConsumer>();
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    await Promise.allSettled([
      producer.close(true),
      admin.close(),
      ...[...consumers].map((consumer) => consumer.close(true)),
    ]);
  }
  return {
    producer,
    admin,
    makeConsumer() {
      // The users of this consumer have their own retries.
      const consumer: KafkaConsumer = new Consumer({
        ...options,
        retries: 0,
        groupId: unusedGroup,
        // Skip records of transactions that a foreign producer aborted.
        isolationLevel: 1,
      });
      consumers.add(consumer);
      consumer.once("client:close", () => consumers.delete(consumer));
      return consumer;
    },
    close() {
      closing ??= closeAll();
      return closing;
    },
  };
}

function baseOptions(connection: KafkaConnection, limits: KafkaLogLimits): BaseOptions {
  const { tls, sasl } = connection;
  return {
    clientId: connection.clientId,
    bootstrapBrokers: [...connection.brokers],
    connectTimeout: limits.connectTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    timeout: limits.requestTimeoutMs,
    retries: 1,
    retryDelay: retryDelayMs,
    ...(tls && { tls: readTls(tls) }),
    ...(sasl && { sasl: { ...sasl } }),
  };
}

function readTls({ caFile, certFile, keyFile }: TlsFiles): TlsOptions {
  return {
    ...(caFile !== undefined && { ca: readFileSync(caFile) }),
    ...(certFile !== undefined && { cert: readFileSync(certFile) }),
    ...(keyFile !== undefined && { key: readFileSync(keyFile) }),
  };
}
