import { openEventLog, type PostgresLogOptions } from "@tillcast/event-log";
import { topics } from "@tillcast/schemas";
import { afterAll, beforeAll, inject, test } from "vitest";
import "../../core/testing/stack-addresses.ts";
import { makeConfluentRegistry } from "../../event-log/schema-ids/confluent-registry.ts";
import { openHarness, type ProcessorHarness } from "../../stream-processors/testing/harness.ts";
import { expectNextReleaseRead } from "../support/next-release.ts";

let harness: ProcessorHarness;

const openLog = (options: PostgresLogOptions) => {
  const { kafkaBrokers, registryUrl } = inject("stack");
  return openEventLog({
    ...options,
    applicationName: "next release test",
    settings: {
      EVENT_LOG: "kafka",
      KAFKA_BROKERS: kafkaBrokers,
      SCHEMA_REGISTRY_URL: registryUrl,
      KAFKA_REPLICATION_FACTOR: 1,
      KAFKA_TLS: "off",
    },
  });
};

beforeAll(async () => {
  harness = await openHarness(openLog);
});
afterAll(() => harness?.close());

test("on Kafka a next release may add a word and a field to every record, with the registry's leave", async () => {
  const registry = makeConfluentRegistry({ url: inject("stack").registryUrl });
  await expectNextReleaseRead(harness, registry);
  // A process of this release that starts again finds its own schemas behind the next one's.
  const { test: database, deps } = harness;
  const again = await openLog({ ...deps, pool: database.database.service, url: database.url });
  await again.ensureTopics(Object.values(topics));
  await again.close();
});
