import { openEventLog, type PostgresLogOptions } from "@tillcast/event-log";
import { afterAll, beforeAll, test } from "vitest";
import { makeTableRegistry } from "../../event-log/schema-ids/table-registry.ts";
import { openHarness, type ProcessorHarness } from "../../stream-processors/testing/harness.ts";
import { expectNextReleaseRead } from "../support/next-release.ts";

const settings = { EVENT_LOG: "postgres", KAFKA_REPLICATION_FACTOR: -1, KAFKA_TLS: "off" } as const;
const openLog = (options: PostgresLogOptions) =>
  openEventLog({ ...options, settings, applicationName: "next release test" });

let harness: ProcessorHarness;

beforeAll(async () => {
  harness = await openHarness(openLog);
});
afterAll(() => harness?.close());

test("a next release may add a word and a field to every record, and this one counts on", async () => {
  await expectNextReleaseRead(harness, makeTableRegistry(harness.test.database.service));
});
