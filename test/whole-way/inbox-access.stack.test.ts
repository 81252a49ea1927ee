import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import {
  AclOperations,
  AclPermissionTypes,
  Admin,
  Producer,
  ResourcePatternTypes,
  ResourceTypes,
} from "@platformatic/kafka";
import { openScope } from "@tillcast/core";
import { createInbox } from "@tillcast/ingest";
import { inboxTopicOf, topics } from "@tillcast/schemas";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { startKafka } from "../stack/start-kafka.ts";
import { openTestInstallation, type TestInstallation } from "../support/open-installation.ts";
import { startIntake, startProcessors } from "../support/pipeline.ts";
import { runInboxProducer } from "../support/run-inbox-producer.ts";
import { addStore, addTenant } from "../support/tenants.ts";

const { registryUrl } = inject("stack");
const scope = openScope();
afterAll(() => scope.close());

const password = "not-a-secret";
const users = ["admin", "tillcast", "producer"] as const;
type User = (typeof users)[number];

/** A broker that knows its callers by SASL and lets nobody do what no rule allows. */
const guarded = {
  "listener.security.protocol.map": "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
  "sasl.enabled.mechanisms": "PLAIN",
  "sasl.mechanism.inter.broker.protocol": "PLAIN",
  "listener.name.plaintext.plain.sasl.jaas.config":
    "org.apache.kafka.common.security.plain.PlainLoginModule required " +
    `username="admin" password="${password}" ` +
    `${users.map((user) => `user_${user}="${password}"`).join(" ")};`,
  "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
  "allow.everyone.if.no.acl.found": "false",
  // The controller's listener is not SASL's.
  "super.users": "User:admin;User:ANONYMOUS",
};

let brokers: string;
let installation: TestInstallation;
let tenantId: string;
let storeId: string;

const clientOf = (username: User) => ({
  clientId: username,
  bootstrapBrokers: [brokers],
  retries: 0,
  sasl: { mechanism: "PLAIN" as const, username, password },
});

type Operation = keyof typeof AclOperations;

const rule = (principal: User, resourceName: string, isPrefix: boolean, operation: Operation) => ({
  resourceType: ResourceTypes.TOPIC,
  resourceName,
  resourcePatternType: isPrefix ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
  principal: `User:${principal}`,
  host: "*",
  operation: AclOperations[operation],
  permissionType: AclPermissionTypes.ALLOW,
});

/** The rules of `docs/inbox.md`, and no others. */
async function addRules(): Promise<void> {
  const ours: Operation[] = ["CREATE", "DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE", "DELETE"];
  const names = ["sales.windows.v1", "forecasts.v1", "feeds.v1", "alerts.v1", "jobs.v1"];
  const admin = new Admin(clientOf("admin"));
  await admin.createAcls({
    creations: ours.flatMap((operation) => [
      rule("tillcast", "pos.", true, operation),
      ...names.map((name) => rule("tillcast", name, false, operation)),
    ]),
  });
  await admin.createAcls({
    creations: [rule("producer", inboxTopicOf(tenantId).topic, false, "WRITE")],
  });
  await admin.close();
}

beforeAll(async () => {
  const kafka = await startKafka({ properties: guarded });
  scope.defer(kafka.stop);
  ({ brokers } = kafka);
  tenantId = randomUUID();
  await addRules();
  installation = await openTestInstallation(scope, {
    EVENT_LOG: "kafka",
    KAFKA_BROKERS: brokers,
    KAFKA_SASL_MECHANISM: "PLAIN",
    KAFKA_SASL_USERNAME: "tillcast",
    KAFKA_SASL_PASSWORD: password,
    SCHEMA_REGISTRY_URL: registryUrl,
  });
  await startProcessors(scope, installation);
  await startIntake(scope, installation);
  const { service } = installation.database;
  await service.query("insert into tenant (tenant_id, name) values ($1, 'Guarded')", [tenantId]);
  storeId = await addStore(service, tenantId);
  await createInbox(installation, tenantId);
});

test("with the documented rules the product works, and a producer's orders are counted", async () => {
  const order = {
    storeId,
    orderId: "1",
    version: { vendorVersion: "1" },
    status: "closed",
    openedAt: "2026-11-20T10:15:00+01:00",
    currency: "EUR",
    lines: [{ key: "1", name: "Soup", gross: "1250" }],
  };
  const { topic } = inboxTopicOf(tenantId);
  const client = {
    "security.protocol": "SASL_PLAINTEXT",
    "sasl.mechanisms": "PLAIN",
    "sasl.username": "producer",
    "sasl.password": password,
  };
  const said = await runInboxProducer({ brokers, registryUrl, topic, client }, [order]);
  expect(said).toContain("1 of 1 orders are durable");
  await expect
    .poll(async () => {
      const { rows } = await installation.database.service.query(
        "select net from rollup_day where store_id = $1",
        [storeId],
      );
      return rows;
    })
    .toEqual([{ net: "1250" }]);
  // Old records are deleted by us.
  const admin = new Admin(clientOf("tillcast"));
  const partitions = [{ partition: 0, offset: 0n }];
  await admin.deleteRecords({ topics: [{ name: topic, partitions }] });
  await admin.close();
});

test("a producer writes to its own inbox only", async () => {
  const other = await addTenant(installation.database.service, "Another");
  const foreign = await createInbox(installation, other.tenantId);
  const producer = new Producer<Buffer, Buffer, Buffer, Buffer>(clientOf("producer"));
  const write = (topic: string) =>
    producer.send({ messages: [{ topic, key: Buffer.from("k"), value: Buffer.from("v") }] });
  for (const forbidden of [topics.orders.topic, foreign.topic]) {
    const refusal: unknown = await write(forbidden).catch((error: unknown) => error);
    expect(inspect(refusal, { depth: 9 })).toContain("TOPIC_AUTHORIZATION_FAILED");
  }
  await expect(write(inboxTopicOf(tenantId).topic)).resolves.toBeDefined();
  await producer.close();
});
