import { Admin } from "@platformatic/kafka";
import { findAppError, openScope } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import type { EventLog } from "@tillcast/event-log";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import "../../core/testing/stack-addresses.ts";
import { makeRecorder } from "../../event-log/testing/contract/recorder.ts";
import { type KafkaServer, startKafka } from "../stack/start-kafka.ts";
import { openKafkaLogOf } from "./open-log.ts";

const limits = { batchMaxCount: 10, batchMaxBytes: 100_000, partitionsAtOnce: 4 };
const patient = { timeout: 90_000, interval: 100 };

describe("a broker that dies", () => {
  const scope = openScope();
  let kafka: KafkaServer;
  let test: TestDatabase;
  let log: EventLog;

  beforeAll(async () => {
    kafka = await startKafka();
    scope.defer(() => kafka.stop());
    test = await createTestDatabase();
    scope.defer(() => test.drop());
    log = await openKafkaLogOf(scope, test, {
      KAFKA_BROKERS: kafka.brokers,
      SCHEMA_REGISTRY_URL: inject("stack").registryUrl,
    });
  });
  afterAll(() => scope.close());

  /** Appends as a caller does who may not lose anything: until it is acknowledged. */
  async function appendUntilTaken(topic: string, text: string): Promise<void> {
    for (;;) {
      try {
        await log.append(topic, [{ key: text, value: Buffer.from(text) }]);
        return;
      } catch (error) {
        expect(findAppError(error)?.code).toBe("logUnavailable");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  it("refuses appends by name while it is away, and loses nothing that it had taken", async () => {
    const topic = "outage.kill";
    await log.ensureTopics([{ topic, partitions: 4, retentionMs: null }]);
    const recorder = makeRecorder(test.database.service, "g");
    const member = await log.subscribe({ topic, group: "g", limits, ...recorder });
    const seen: string[] = [];
    const tail = await log.tail({
      topic,
      onRecords: (records) => void seen.push(...records.map(({ value }) => String(value))),
    });
    const texts = Array.from({ length: 60 }, (_, index) => `record ${index}`);
    for (const text of texts.slice(0, 20)) await appendUntilTaken(topic, text);
    await kafka.kill("SIGKILL");
    const [next = ""] = texts.slice(20);
    await expect(
      log.append(topic, [{ key: next, value: Buffer.from(next) }]),
    ).rejects.toMatchObject({ code: "logUnavailable" });
    const back = kafka.restart();
    for (const text of texts.slice(20)) await appendUntilTaken(topic, text);
    await back;
    const settledTexts = () => new Set(recorder.settled.map(({ value }) => String(value)));
    await vi.waitFor(() => expect(settledTexts()).toEqual(new Set(texts)), patient);
    await vi.waitFor(() => expect(new Set(seen)).toEqual(new Set(texts)), patient);
    await tail.close();
    await member.close();
  });

  it("stops a group by name when its topic was made anew, instead of starting over in silence", async () => {
    const topic = "outage.anew";
    const settings = { topic, partitions: 1, retentionMs: null };
    await log.ensureTopics([settings]);
    await log.append(topic, [{ key: "k", value: Buffer.from("before") }]);
    const recorder = makeRecorder(test.database.service, "g");
    const member = await log.subscribe({ topic, group: "g", limits, ...recorder });
    await vi.waitFor(() => expect(recorder.settled).toHaveLength(1), patient);
    const firstId = await log.topicId(topic);

    const admin = new Admin({ clientId: "test", bootstrapBrokers: [kafka.brokers] });
    await admin.deleteTopics({ topics: [topic] });
    const later = await openKafkaLogOf(scope, test, {
      KAFKA_BROKERS: kafka.brokers,
      SCHEMA_REGISTRY_URL: inject("stack").registryUrl,
    });
    await vi.waitFor(async () => {
      await later.ensureTopics([settings]);
      expect(await later.topicId(topic)).not.toBe(firstId);
    }, patient);
    await later.append(topic, [{ key: "k", value: Buffer.from("after") }]);
    const second = makeRecorder(test.database.service, "g");
    const again = await later.subscribe({ topic, group: "g", limits, ...second });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(second.settled).toEqual([]);
    expect(recorder.settled).toHaveLength(1);
    const { rows } = await test.database.service.query(
      "select topic_id from checkpoint where topic = $1",
      [topic],
    );
    expect(rows).toEqual([{ topic_id: firstId }]);
    await admin.close();
    await Promise.all([member.close(), again.close()]);
  });

  it("refuses a topic that is compacted, since orders would vanish from it", async () => {
    const topic = "outage.compacted";
    const admin = new Admin({ clientId: "test", bootstrapBrokers: [kafka.brokers] });
    await admin.createTopics({
      topics: [topic],
      partitions: 1,
      replicas: 1,
      configs: [{ name: "cleanup.policy", value: "compact" }],
    });
    await admin.close();
    const refused = log.ensureTopics([{ topic, partitions: 1, retentionMs: null }]);
    await expect(refused).rejects.toMatchObject({
      code: "topicUnfit",
      message: expect.stringContaining("compact"),
    });
  });
});
