import pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { withPatience } from "./lock-patience.ts";

let db: TestDatabase;
let changing: pg.Client;
let holder: pg.Client;
let reader: pg.Client;

async function connect(name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: db.url, application_name: name });
  await client.connect();
  return client;
}

beforeEach(async () => {
  db = await createTestDatabase({ migrations: null });
  changing = await connect("changing");
  holder = await connect("slow report");
  reader = await connect("reader");
  await changing.query("create table looked_at (n integer)");
});
afterEach(async () => {
  for (const client of [changing, holder, reader]) await client.end();
  await db.drop();
});

const hold = async () => {
  await holder.query("begin");
  await holder.query("select * from looked_at");
};
const addColumn = async () => {
  await changing.query("alter table looked_at add column m integer");
};

test("a change that waits for a slow reader lets the others read meanwhile, and comes through", async () => {
  await hold();
  const changed = withPatience(changing, "a change", addColumn);
  let reads = 0;
  const released = setTimeout(() => void holder.query("rollback"), 2_500);
  const until = performance.now() + 2_000;
  while (performance.now() < until) {
    await reader.query("select n from looked_at");
    reads += 1;
  }
  // One wait of the change as a whole would leave room for a single read.
  expect(reads).toBeGreaterThan(10);
  await changed;
  clearTimeout(released);
  expect((await reader.query("select m from looked_at")).fields).toHaveLength(1);
});

test("a change that never gets its lock says who holds it, and leaves nothing behind", async () => {
  await hold();
  const changed = withPatience(changing, "a change", addColumn, 500);
  await expect(changed).rejects.toMatchObject({
    code: "migrationBlocked",
    message: expect.stringMatching(/a change waited .*slow report, process \d+/),
  });
  await holder.query("rollback");
  await expect(reader.query("select m from looked_at")).rejects.toThrow(/does not exist/);
});

test("a change that is wrong in itself fails at once", async () => {
  const changed = withPatience(changing, "a change", async () => {
    await changing.query("select 1 / 0");
  });
  await expect(changed).rejects.toThrow("a change failed: division by zero");
});
