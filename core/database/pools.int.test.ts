import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { openSilentProxy } from "../testing/silent-proxy.ts";
import { asDatabaseUnavailable } from "./database-errors.ts";
import { type Database, openDatabase } from "./pools.ts";
import { inTransaction } from "./transaction.ts";

const limits = { serviceStatementMs: 300, tenantStatementMs: 200 };
let db: TestDatabase;
let proxy: Awaited<ReturnType<typeof openSilentProxy>>;
let database: Database;

beforeAll(async () => {
  db = await createTestDatabase();
  proxy = await openSilentProxy(db.url);
  database = openDatabase({ url: proxy.url, applicationName: "limits", limits });
});
afterAll(async () => {
  await database.close();
  await proxy.close();
  await db.drop();
});

const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => "answered",
    (error: unknown) => asDatabaseUnavailable(error)?.fields.reason ?? String(error),
  );

test.each(["service", "tenant"] as const)(
  "a statement of the %s pool ends at its limit, and the caller is told to ask for less",
  async (pool) => {
    expect(await reasonOf(database[pool].query("select pg_sleep(30)"))).toMatch("too long");
    expect((await database[pool].query("select 1 as n")).rows).toEqual([{ n: 1 }]);
  },
);

test("a connection that stays silent is given up, within a transaction too, and others work", async () => {
  await Promise.all([1, 2, 3].map(() => database.service.query("select pg_sleep(0.05)")));
  proxy.silence();
  const inside = reasonOf(inTransaction(database.service, (tx) => tx.query("select 1")));
  const outside = reasonOf(database.service.query("select 1"));
  expect(await Promise.all([inside, outside])).toEqual([
    "Query read timeout",
    "Query read timeout",
  ]);
  // The third connection was silent too; it is closed by the next turn of the loop, and nobody waits for it.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const { rows } = await inTransaction(database.service, (tx) => tx.query("select 2 as n"));
  expect(rows).toEqual([{ n: 2 }]);
});
