import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openScope } from "@tillcast/core";
import { createTestDatabase, type TestDatabase } from "@tillcast/core/testing";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import "../../core/testing/stack-addresses.ts";
import { type KafkaServer, startKafka } from "../stack/start-kafka.ts";
import { freePort } from "../support/product.ts";
import { openKafkaLogOf } from "./open-log.ts";

const password = "correct horse";

/** An authority of one, and a broker's certificate by it for 127.0.0.1, in PEM. */
function makeCertificates(folder: string): { readonly ca: string; readonly keyStore: string } {
  const openssl = (...args: string[]) =>
    execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const subject = (name: string) => ["-subj", `/CN=${name}`, "-days", "2", "-nodes"];
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    ...subject("Test CA"),
  );
  openssl(
    "req",
    "-newkey",
    "rsa:2048",
    "-keyout",
    "key.pem",
    "-out",
    "broker.csr",
    "-nodes",
    "-subj",
    "/CN=broker",
  );
  writeFileSync(join(folder, "names"), "subjectAltName=IP:127.0.0.1");
  openssl(
    "x509",
    "-req",
    "-in",
    "broker.csr",
    "-CA",
    "ca.pem",
    "-CAkey",
    "ca.key",
    "-CAcreateserial",
    "-days",
    "2",
    "-extfile",
    "names",
    "-out",
    "broker.pem",
  );
  const keyStore = join(folder, "store.pem");
  writeFileSync(
    keyStore,
    execFileSync("cat", ["key.pem", "broker.pem", "ca.pem"], { cwd: folder }),
  );
  return { ca: join(folder, "ca.pem"), keyStore };
}

describe("a broker that asks for TLS and a password", () => {
  const scope = openScope();
  let kafka: KafkaServer;
  let test: TestDatabase;
  let environment: Record<string, string>;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "tillcast-tls-"));
    scope.defer(() => rmSync(folder, { recursive: true, force: true }));
    const { ca, keyStore } = makeCertificates(folder);
    const [port, inner] = [await freePort(), await freePort()];
    const controller = await freePort();
    kafka = await startKafka({
      port,
      properties: {
        "controller.quorum.voters": `1@127.0.0.1:${controller}`,
        listeners: `SECURED://127.0.0.1:${port},INNER://127.0.0.1:${inner},CONTROLLER://127.0.0.1:${controller}`,
        "advertised.listeners": `SECURED://127.0.0.1:${port},INNER://127.0.0.1:${inner}`,
        "listener.security.protocol.map": "SECURED:SASL_SSL,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "inter.broker.listener.name": "INNER",
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.secured.plain.sasl.jaas.config": `org.apache.kafka.common.security.plain.PlainLoginModule required user_tillcast="${password}";`,
        "ssl.keystore.type": "PEM",
        "ssl.keystore.location": keyStore,
      },
    });
    scope.defer(() => kafka.stop());
    test = await createTestDatabase();
    scope.defer(() => test.drop());
    environment = {
      KAFKA_BROKERS: kafka.brokers,
      SCHEMA_REGISTRY_URL: inject("stack").registryUrl,
      KAFKA_TLS: "on",
      KAFKA_TLS_CA_FILE: ca,
      KAFKA_SASL_MECHANISM: "PLAIN",
      KAFKA_SASL_USERNAME: "tillcast",
      KAFKA_SASL_PASSWORD: password,
    };
  });
  afterAll(() => scope.close());

  const settings = { topic: "secured.orders", partitions: 2, retentionMs: null };

  it("takes and gives records to who knows both", async () => {
    const log = await openKafkaLogOf(scope, test, environment);
    await log.ensureTopics([settings]);
    const [position] = await log.append(settings.topic, [{ key: "k", value: Buffer.from("v") }]);
    const wanted = { partition: position?.partition ?? 0, from: 0n, maxCount: 1, maxBytes: 100 };
    const read = await log.read({ topic: settings.topic, ...wanted });
    expect(String(read[0]?.value)).toBe("v");
  });

  it("is named as the reason where the password is wrong, or its authority is not trusted", async () => {
    const wrong = { ...environment, KAFKA_SASL_PASSWORD: "guessed" };
    const { KAFKA_TLS_CA_FILE: _ca, ...distrusting } = environment;
    for (const [given, reason] of [
      [wrong, /authentication/i],
      [distrusting, /certificate/i],
    ] as const) {
      const log = await openKafkaLogOf(scope, test, given);
      await expect(log.ensureTopics([settings])).rejects.toMatchObject({
        code: "logUnavailable",
        message: expect.stringMatching(reason),
      });
    }
  });
});
