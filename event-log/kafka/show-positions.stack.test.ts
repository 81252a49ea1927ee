import { randomUUID } from "node:crypto";
import { makeMetrics, openScope, silentLogger } from "@tillcast/core";
import { openDatabase } from "@tillcast/core/database";
import { createTestDatabase } from "@tillcast/core/testing";
import { afterAll, expect, inject, test } from "vitest";
import {
  evenlyShared,
  eventually,
  makeRecorder,
  makeRecords,
  makeTopic,
  smallLimits,
} from "../testing/contract/harness.ts";
import { connectKafka } from "./clients.ts";
import { defaultKafkaLimits } from "./kafka-limits.ts";
import { openKafkaLog } from "./kafka-log.ts";
import { shownGroupId } from "./show-positions.ts";

const scope = openScope();
afterAll(() => scope.close());

test("Kafka's own tools see how far each group is, whoever works on the partitions", async () => {
  const limits = { ...defaultKafkaLimits, assignIntervalMs: 100, showPositionsMs: 100 };
  const brokers = inject("stack").kafkaBrokers.split(",");
  const { url, drop } = await createTestDatabase();
  scope.defer(drop);
  const open = () => {
    const database = openDatabase({ url, applicationName: "shown" });
    scope.defer(() => database.close());
    const clients = connectKafka({ brokers, clientId: `shown-${randomUUID()}` }, limits);
    const pool = database.service;
    const options = { clients, pool, url, log: silentLogger, metrics: makeMetrics(), limits };
    const log = openKafkaLog(options);
    scope.defer(() => log.close());
    return { log, pool };
  };
  const [one, other] = [open(), open()];
  const operator = connectKafka({ brokers, clientId: "operator" }, limits);
  scope.defer(() => operator.close());

  const group = `shown-${randomUUID()}`;
  const topic = await makeTopic(one.log);
  const recorder = makeRecorder(one.pool, group);
  const subscribe = { topic, group, limits: smallLimits, ...recorder };
  const members = [await one.log.subscribe(subscribe), await other.log.subscribe(subscribe)];
  await evenlyShared(members, 4);
  const committed = async () => {
    const groups = await operator.admin.listConsumerGroupOffsets({ groups: [shownGroupId(group)] });
    const partitions = groups[0]?.topics.find(({ name }) => name === topic)?.partitions ?? [];
    return partitions.reduce((sum, { committedOffset }) => sum + committedOffset, 0n);
  };

  await one.log.append(topic, makeRecords(150));
  await eventually(async () => expect(await committed()).toBe(150n));
  await members[1]?.close();
  await one.log.append(topic, makeRecords(50, 16, 150));
  await eventually(async () => expect(await committed()).toBe(200n));
});
