import { afterAll, beforeAll, expect, test } from "vitest";
import { openDatabase } from "../database/pools.ts";
import { openCuttableProxy } from "../testing/cuttable-proxy.ts";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { withSuperuser } from "../testing/test-databases.ts";
import { makeLease } from "./lease.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

/** A process of its own, as far as the database can tell. */
function openProcess(work = "watch") {
  const database = openDatabase({ url: db.url, applicationName: `lease ${work}` });
  const lease = makeLease({ pool: database.service, work });
  return {
    isOurs: () => lease.isOurs(),
    async close() {
      await lease.close();
      await database.close();
    },
  };
}

const cutHolders = `
  select pg_terminate_backend(pid) from pg_locks
  where locktype = 'advisory'
    and database = (select oid from pg_database where datname = current_database())`;

test("of several processes one has the work, until it leaves", async () => {
  const processes = [openProcess(), openProcess(), openProcess()];
  const ask = () => Promise.all(processes.map((one) => one.isOurs()));
  const first = await ask();
  expect(first.filter((isOurs) => isOurs)).toHaveLength(1);
  expect(await ask()).toEqual(first);
  await processes[first.indexOf(true)]?.close();
  const left = processes.filter((_, index) => !first[index]);
  const second = await Promise.all(left.map((one) => one.isOurs()));
  expect(second.filter((isOurs) => isOurs)).toHaveLength(1);
  await Promise.all(left.map((one) => one.close()));
});

test("each piece of work has a lease of its own", async () => {
  const processes = [openProcess("watch"), openProcess("schedule")];
  expect(await Promise.all(processes.map((one) => one.isOurs()))).toEqual([true, true]);
  await Promise.all(processes.map((one) => one.close()));
});

test("a lease whose session is cut is free, and the process that had it goes on asking", async () => {
  const [one, other] = [openProcess(), openProcess()];
  expect([await one.isOurs(), await other.isOurs()]).toEqual([true, false]);
  await withSuperuser(db.superuserUrl, (client) => client.query(cutHolders));
  await expect.poll(() => other.isOurs()).toBe(true);
  expect(await one.isOurs()).toBe(false);
  await other.close();
  await expect.poll(() => one.isOurs()).toBe(true);
  await one.close();
});

test("a connection that is cut while the lease is asked for fails the question and nothing else", async () => {
  const proxy = await openCuttableProxy(db.url);
  const { service: pool, close } = openDatabase({ url: proxy.url, applicationName: "lease cut" });
  await pool.query("select 1");
  const lease = makeLease({ pool, work: "watch" });
  const asked = expect(lease.isOurs()).rejects.toThrow();
  // The connection is out of its pool by now, and its first answer has not come.
  await new Promise((resolve) => process.nextTick(resolve));
  await proxy.cut();
  await asked;
  await close();
});
