/** The Kafka clients of one process, made from settings; nothing else knows how to connect. */

import { readFileSync } from "node:fs";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { Admin, type BaseOptions, Consumer, Producer } from "@platformatic/kafka";
import type { KafkaLogLimits } from "./limits.ts";

/** Where the brokers are, and who we are to them. */
export interface KafkaConnection {
  /** `host:port` of some brokers; the rest is learnt from them. */
  readonly brokers: readonly string[];
  /** Shown in the brokers' logs and quotas. */
  readonly clientId: string;
  /** TLS towards the brokers; files in PEM. */
  readonly tls?: TlsFiles | undefined;
  readonly sasl?: KafkaSasl | undefined;
}

export interface TlsFiles {
  /** Authorities to trust instead of the system's. */
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

/** One process's way to the brokers. */
export interface KafkaClients {
  readonly producer: KafkaProducer;
  readonly admin: Admin;
  /** A consumer of which only single fetches are used: it joins no group. */
  makeConsumer(): KafkaConsumer;
  /** Closes all of them; what is under way fails. Safe to call twice. */
  close(): Promise<void>;
}

/** The library asks for a group where it never joins one. */
const unusedGroup = "tillcast-no-group";

/**
 * A producer that is idempotent tries for ever where it is told fewer than two retries; who waits for an
 * append must hear that it failed. These take a second and a half where connections are refused, and
 * outlast the choice of a new topic's leaders.
 */
const produceRetries = 6;
const retryDelayMs = 250;

/** Makes the clients; they connect when they are first used. */
export function connectKafka(connection: KafkaConnection, limits: KafkaLogLimits): KafkaClients {
  const options = baseOptions(connection, limits);
  // Tries of one batch under one producer id keep the order and add nothing twice.
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
      // Reading stretches and following partitions have retries of their own.
      const consumer: KafkaConsumer = new Consumer({
        ...options,
        retries: 0,
        groupId: unusedGroup,
        // Records of transactions that a foreign producer gave up are not for us.
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
