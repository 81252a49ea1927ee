import { silentLogger } from "@tillcast/core";
import { connectOrStart, type EmbeddedServer } from "@tillcast/core/database";
import { orderKeyOf } from "@tillcast/schemas";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cli, openCli } from "./testing/run-cli.ts";

const someId = "6f1f2a3e-0d1c-4a52-9a3e-2b1d5c7f8e90";

let cli: Cli;
let database: EmbeddedServer;
let superuser: pg.Client;
let tenantId: string;
let storeId: string;

beforeAll(async () => {
  cli = await openCli();
  database = await connectOrStart({ dataDir: cli.dataDir, log: silentLogger });
  ({ tenantId } = (await cli.run(["tenant", "create", "--name", "Aurora", "--json"])).json);
  const url = new URL(database.superuserUrl);
  url.pathname = "/tillcast";
  superuser = new pg.Client({
    connectionString: url.href,
    options: "-c search_path=tillcast",
  });
  await superuser.connect();
  const place = ["--time-zone", "Europe/Berlin", "--currency", "EUR", "--closeout", "04:00"];
  const mitte = ["--tenant", tenantId, "--name", "Mitte"];
  ({ storeId } = (await cli.run(["store", "create", ...mitte, ...place, "--json"])).json);
});

afterAll(async () => {
  await superuser?.end();
  await database?.stop();
  await cli.close();
});

describe("what is set", { timeout: 180_000 }, () => {
  it("of a store holds from a date on, and says what does not fit", async () => {
    const set = (...args: string[]) => cli.run(["store", "set", storeId, ...args, "--json"]);
    const done = await set("--name", "Mitte I", "--groups", "city,cafes");
    expect(done).toMatchObject({ exitCode: 0, json: { storeId, set: ["name", "groups"] } });
    expect(await set("--closeout", "05:00")).toMatchObject({
      exitCode: 2,
      json: { error: { message: expect.stringContaining("--from") } },
    });
    await set("--name", "Mitte");
    await set("--groups", "city");
    const { json } = await cli.run(["store", "list", "--tenant", tenantId, "--json"]);
    expect(json.stores).toMatchObject([{ name: "Mitte", groups: ["city"], closedFrom: null }]);
  });

  it("of a feed is shown, and parked orders are claimed and counted", async () => {
    await superuser.query(
      "insert into feed (tenant_id, source, account_id, location_id) values ($1, 'push', 'default', 'pier')",
      [tenantId],
    );
    const bill = {
      orderId: "P-1",
      locationId: "pier",
      version: { vendorVersion: 1 },
      status: "closed",
      openedAt: "2026-10-20T10:00:00Z",
      currency: "EUR",
      channel: "dine_in",
      lines: [{ key: "1", name: "Soup", gross: "1250" }],
    };
    await superuser.query(
      `insert into parked_order (tenant_id, order_key, version_hash, source, account_id, location_id, order_id,
         reason, payload, received_at)
       values ($1, $2, $3, 'push', 'default', 'pier', 'P-1', 'not mapped', $4, '2026-10-20T10:00:01Z')`,
      [
        tenantId,
        orderKeyOf({
          ...{ tenantId, source: "push", accountId: "default", orderId: "P-1" },
          numberSpace: "location:pier",
        }),
        "a".repeat(32),
        JSON.stringify(bill),
      ],
    );
    const currency = ["feed", "currency", "--feed", "push/default/pier", "--is", "EUR", "--json"];
    expect(await cli.run(currency)).toMatchObject({
      exitCode: 0,
      json: { job: null, feed: { currency: "EUR", parked: 1, storeId: null } },
    });
    const parked = await cli.run(["orders", "parked", "--json"]);
    expect(parked.json).toMatchObject({
      total: 1,
      locations: [{ location: "push/default/pier", orders: 1, storeId: null }],
      orders: [{ orderId: "P-1", reason: "not mapped" }],
    });
    const claim = ["orders", "claim", "--location", "push/default/pier", "--store", storeId];
    const claimed = await cli.run([...claim, "--json"]);
    expect(claimed).toMatchObject({
      exitCode: 0,
      json: { claimed: 1, net: [{ currency: "EUR", amount: "1250" }], parked: 0 },
    });
    const human = await cli.run(["feed", "list", "--store", storeId]);
    expect(human.stdout).toMatch(
      /push\/default\/pier +Mitte +\w+ +unknown \(default\) +all dates +EUR/,
    );
    const wrong = await cli.run(["feed", "map", "--feed", "pier", "--store", storeId]);
    expect(wrong).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("source/account") });
    const foreign = await cli.run([
      "feed",
      "map",
      "--feed",
      "push/default/pier",
      "--store",
      someId,
    ]);
    expect(foreign.exitCode).toBe(2);
    const away = [
      "feed",
      "authority",
      "--feed",
      "push/default/pier",
      "--from",
      "2027-01-01",
      "--json",
    ];
    expect((await cli.run(away)).json).toMatchObject({
      feed: { authorityFrom: "2027-01-01", withheld: 1 },
      job: { state: "done", message: "1 orders appended again" },
    });
  });
});
