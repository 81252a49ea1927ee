import { randomUUID } from "node:crypto";
import { openScope, silentLogger } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { topics } from "@tillcast/schemas";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import "../../core/testing/stack-addresses.ts";
import { makeConfluentRegistry } from "../../event-log/schema-ids/confluent-registry.ts";
import { withSchemaIds } from "../../event-log/schema-ids/log-with-schema-ids.ts";
import {
  laterNotes as added,
  brokenNotes as broken,
  firstNotes as first,
} from "../../event-log/schema-ids/testing/notes.ts";
import { openKafkaLogOf } from "./open-log.ts";

describe("the schema registry", () => {
  const scope = openScope();
  let test: TestDatabase;
  beforeAll(async () => {
    test = await createTestDatabase();
    scope.defer(() => test.drop());
  });
  afterAll(() => scope.close());

  const registry = () => makeConfluentRegistry({ url: inject("stack").registryUrl });

  it("gives a schema the same number whoever asks, and its text by that number", async () => {
    const topic = `notes.${randomUUID()}`;
    const id = await registry().register(topic, first);
    expect(await registry().register(topic, first)).toBe(id);
    expect(await registry().find(id)).toEqual({
      schema: first.schema,
      fingerprint: first.fingerprint,
    });
    expect(await registry().find(2_000_000_000)).toBeUndefined();
  });

  it("takes what was only added to, and refuses by name what could not read older records", async () => {
    const topic = `notes.${randomUUID()}`;
    await registry().register(topic, first);
    await registry().register(topic, added);
    await expect(registry().register(topic, broken)).rejects.toMatchObject({
      code: "schemaRefused",
      message: expect.stringContaining(`${topic}-value`),
    });
  });

  it("says that it cannot be reached, instead of that a schema is unknown", async () => {
    const away = makeConfluentRegistry({ url: "http://127.0.0.1:1/apis/ccompat/v7" });
    await expect(away.find(1)).rejects.toMatchObject({ code: "logUnavailable" });
  });

  it("has every topic's shape once the topics are ensured, so that others can read them", async () => {
    const { kafkaBrokers, registryUrl } = inject("stack");
    const log = await openKafkaLogOf(scope, test, {
      KAFKA_BROKERS: kafkaBrokers,
      SCHEMA_REGISTRY_URL: registryUrl,
    });
    await log.ensureTopics(Object.values(topics));
    const answer = await fetch(`${registryUrl}/subjects`);
    expect(await answer.json()).toEqual(
      expect.arrayContaining([`${topics.orders.topic}-value`, `${topics.sales.topic}-value`]),
    );
  });

  it("lets releases read each other's records over Kafka while both run", async () => {
    const { kafkaBrokers, registryUrl } = inject("stack");
    const inner = await openKafkaLogOf(scope, test, {
      KAFKA_BROKERS: kafkaBrokers,
      SCHEMA_REGISTRY_URL: registryUrl,
    });
    const hasTurned = async () => true;
    const framing = { registry: registry(), log: silentLogger, hasTurned };
    const before = withSchemaIds(inner, { ...framing, codecOf: () => first });
    const after = withSchemaIds(inner, { ...framing, codecOf: () => added });
    const topic = `notes.${randomUUID()}`;
    await before.ensureTopics([{ topic, partitions: 1, retentionMs: null }]);
    await before.append(topic, [{ key: "k", value: first.encode({ text: "old" }) }]);
    await after.append(topic, [{ key: "k", value: added.encode({ text: "new", stars: 4 }) }]);
    const wanted = { topic, partition: 0, from: 0n, maxCount: 9, maxBytes: 9_999 };
    expect((await after.read(wanted)).map(({ value }) => added.decode(value))).toEqual([
      { text: "old", stars: null },
      { text: "new", stars: 4 },
    ]);
    expect((await before.read(wanted)).map(({ value }) => first.decode(value))).toEqual([
      { text: "old" },
      { text: "new" },
    ]);
  });
});
