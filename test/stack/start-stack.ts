import type { Scope } from "@tillcast/core";
import type { StackAddresses } from "../../core/testing/stack-addresses.ts";
import { startKafka } from "./start-kafka.ts";
import { startRegistry } from "./start-registry.ts";
import { startTimescale } from "./start-timescale.ts";

/** Names servers that run already: those of `docker compose`, say. What is not named is started. */
export const addressVariables: Readonly<Record<keyof StackAddresses, string>> = {
  kafkaBrokers: "TILLCAST_TEST_KAFKA_BROKERS",
  registryUrl: "TILLCAST_TEST_REGISTRY_URL",
  timescaleUrl: "TILLCAST_TEST_TIMESCALE_URL",
};

/** Tests lose nothing of value in a crash of the machine, so they need not wait for the disk. */
const timescaleFlags = [
  ...["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"],
  ...["-c", "max_connections=300", "-c", "shared_buffers=128MB", "-c", "max_wal_size=1GB"],
];

/** Starts the servers that nobody named; the scope stops them. */
export async function startStack(scope: Scope): Promise<StackAddresses> {
  const named = (address: keyof StackAddresses) => process.env[addressVariables[address]];
  const withLog = async () => {
    const kafkaBrokers = named("kafkaBrokers") ?? (await kafka(scope));
    return {
      kafkaBrokers,
      registryUrl: named("registryUrl") ?? (await registry(scope, kafkaBrokers)),
    };
  };
  const withDatabase = async () => named("timescaleUrl") ?? (await timescale(scope));
  const [log, timescaleUrl] = await Promise.all([withLog(), withDatabase()]);
  return { ...log, timescaleUrl };
}

async function kafka(scope: Scope): Promise<string> {
  const server = await startKafka();
  scope.defer(server.stop);
  return server.brokers;
}

async function registry(scope: Scope, brokers: string): Promise<string> {
  const server = await startRegistry({ brokers });
  scope.defer(server.stop);
  return server.url;
}

async function timescale(scope: Scope): Promise<string> {
  const server = await startTimescale({ flags: timescaleFlags });
  scope.defer(server.stop);
  return server.url;
}
