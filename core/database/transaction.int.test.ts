import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/database.ts";
import { withSuperuser } from "../testing/test-databases.ts";
import { isDatabaseUnavailable } from "./database-errors.ts";
import { asTenant, inTransaction } from "./transaction.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await ownerQuery("create table counter (id integer primary key, n integer not null)");
  await ownerQuery("grant all on counter to tillcast_service");
});
afterAll(() => db.drop());
beforeEach(() => ownerQuery("delete from counter; insert into counter values (1, 0), (2, 0)"));

/** The owner made the tables; services may not. */
async function ownerQuery(text: string): Promise<void> {
  await db.database.service.query(`begin; set local role none; ${text}; commit`);
}
const counted = async () =>
  (await db.database.service.query("select n from counter order by id")).rows.map((row) => row.n);

describe("a transaction", () => {
  test("keeps what its work returns and nothing of what it throws", async () => {
    const pool = db.database.service;
    await inTransaction(pool, (tx) => tx.query("update counter set n = 5 where id = 1"));
    const failing = inTransaction(pool, async (tx) => {
      await tx.query("update counter set n = 9");
      throw new Error("changed my mind");
    });
    await expect(failing).rejects.toThrow("changed my mind");
    expect(await counted()).toEqual([5, 0]);
  });

  test("is run again after a deadlock, so that both sides count", async () => {
    let meetings = 0;
    let meet: () => void = () => undefined;
    const bothHoldOne = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const sides: Promise<void>[] = [];
    const cross = (side: number, first: number, second: number) => {
      let tries = 0;
      return inTransaction(db.database.service, async (tx) => {
        tries += 1;
        // The one whose try the server ended begins again behind the other, or the two could meet once more.
        if (tries > 1) await sides[1 - side];
        await tx.query("update counter set n = n + 1 where id = $1", [first]);
        meetings += 1;
        if (meetings >= 2) meet();
        await bothHoldOne;
        await tx.query("update counter set n = n + 1 where id = $1", [second]);
      });
    };
    sides.push(cross(0, 1, 2), cross(1, 2, 1));
    await Promise.all(sides);
    expect(meetings).toBe(3);
    expect(await counted()).toEqual([2, 2]);
  });

  test("is run again after a serialization failure", async () => {
    const increment = () =>
      inTransaction(
        db.database.service,
        async (tx) => {
          const read = await tx.query("select n from counter where id = 1");
          await tx.query("update counter set n = $1 where id = 1", [read.rows[0].n + 1]);
        },
        { isolation: "serializable", retries: 50 },
      );
    await Promise.all(Array.from({ length: 6 }, increment));
    expect(await counted()).toEqual([6, 0]);
  });

  test("gives up after its tries, and does not retry what would fail again", async () => {
    let tries = 0;
    const conflict = inTransaction(
      db.database.service,
      async () => {
        tries += 1;
        throw Object.assign(new Error("deadlock"), { code: "40P01" });
      },
      { retries: 2 },
    );
    await expect(conflict).rejects.toThrow("deadlock");
    expect(tries).toBe(3);
    const wrong = inTransaction(db.database.service, (tx) => tx.query("select 1 / 0"));
    await expect(wrong).rejects.toThrow("division by zero");
  });

  test("whose work hid a failed statement is not taken for committed", async () => {
    const hiding = inTransaction(db.database.service, async (tx) => {
      await tx.query("update counter set n = 9");
      await tx.query("select 1 / 0").catch(() => undefined);
    });
    await expect(hiding).rejects.toThrow("nothing was stored");
    expect(await counted()).toEqual([0, 0]);
  });

  test("whose connection is cut fails as unreachable, and the pool goes on", async () => {
    const cut = inTransaction(db.database.service, async (tx) => {
      const own = await tx.query("select pg_backend_pid() as pid");
      const terminate = "select pg_terminate_backend($1)";
      await withSuperuser(db.superuserUrl, (client) => client.query(terminate, [own.rows[0].pid]));
      await tx.query("select 1");
    });
    await expect(cut).rejects.toSatisfy(isDatabaseUnavailable);
    expect(await counted()).toEqual([0, 0]);
  });
});

describe("tenants", () => {
  const [ours, theirs] = [randomUUID(), randomUUID()];
  beforeAll(async () => {
    for (const id of [ours, theirs]) {
      await db.database.service.query("insert into tenant (tenant_id, name) values ($1, 'Café')", [
        id,
      ]);
      await db.database.service.query(
        `insert into store (store_id, tenant_id, name, time_zone, currency)
         values (gen_random_uuid(), $1, 'Main', 'UTC', 'EUR')`,
        [id],
      );
    }
  });
  const seen = "select tenant_id from store";

  test("see their own rows only", async () => {
    const rows = await asTenant(db.database.tenant, ours, (tx) => tx.query(seen));
    expect(rows.rows).toEqual([{ tenant_id: ours }]);
    const all = await db.database.service.query("select count(*)::int as n from store");
    expect(all.rows[0].n).toBe(2);
  });

  test("see nothing without a tenant, also on a connection that had one before", async () => {
    await asTenant(db.database.tenant, ours, (tx) => tx.query(seen));
    expect((await db.database.tenant.query(seen)).rows).toEqual([]);
  });

  test("cannot write rows of another", async () => {
    const insert = asTenant(db.database.tenant, ours, (tx) =>
      tx.query(
        `insert into store (store_id, tenant_id, name, time_zone, currency)
         values (gen_random_uuid(), $1, 'Spy', 'UTC', 'EUR')`,
        [theirs],
      ),
    );
    await expect(insert).rejects.toThrow(/row-level security|permission denied/);
  });

  test("a tenant that is no uuid is an error and not everybody", async () => {
    await expect(asTenant(db.database.tenant, "all", (tx) => tx.query(seen))).rejects.toThrow(
      /uuid/,
    );
  });
});
