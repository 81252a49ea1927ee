import { Admin } from "@platformatic/kafka";
import pg from "pg";
import { expect, inject, test } from "vitest";

const { kafkaBrokers, registryUrl, timescaleUrl } = inject("stack");

test("the broker lists its topics, those of the registry among them", async () => {
  const admin = new Admin({ clientId: "stack", bootstrapBrokers: kafkaBrokers.split(",") });
  try {
    const topics = await admin.listTopics();
    expect(topics.filter((name) => name.includes("kafkasql"))).not.toEqual([]);
  } finally {
    await admin.close();
  }
});

test("the registry remembers a schema, and lists its subject", async () => {
  const subject = `stack-${process.pid}-value`;
  const schema = JSON.stringify({ type: "record", name: "Seen", fields: [] });
  const registered = await fetch(`${registryUrl}/subjects/${subject}/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema }),
  });
  expect(await registered.json()).toEqual({ id: expect.any(Number) });
  expect(await (await fetch(`${registryUrl}/subjects`)).json()).toContain(subject);
});

test("the database has TimescaleDB, and so has a new one", async () => {
  const client = new pg.Client({ connectionString: timescaleUrl });
  await client.connect();
  try {
    const found = await client.query(
      "select extversion from pg_extension where extname = 'timescaledb'",
    );
    expect(found.rows).toEqual([{ extversion: expect.stringMatching(/^2\./) }]);
  } finally {
    await client.end();
  }
});
