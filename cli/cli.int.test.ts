import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { silentLogger } from "@tillcast/core";
import { connectOrStart, type EmbeddedServer } from "@tillcast/core/database";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cli, openCli } from "./testing/run-cli.ts";

const someId = "6f1f2a3e-0d1c-4a52-9a3e-2b1d5c7f8e90";
const id = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const sales = `order_id,opened_at,item,qty,unit_price,tax,channel,payment_method
1001,2026-10-21 12:04,Soup of the day,1,6.50,1.24,dine_in,card
1001,2026-10-21 12:04,Sparkling water,2,2.80,1.06,dine_in,card
1002,2026-10-21 12:11,Lunch menu,1,12.90,2.45,takeout,cash
`;

let cli: Cli;
let database: EmbeddedServer;
let superuser: pg.Client;
let tenantId: string;
let storeId: string;

beforeAll(async () => {
  cli = await openCli();
  // The first command starts a database and stops it again; the others find one that runs.
  ({ tenantId } = (await cli.run(["tenant", "create", "--name", "Aurora", "--json"])).json);
  database = await connectOrStart({ dataDir: cli.dataDir, log: silentLogger });
  const url = new URL(database.superuserUrl);
  url.pathname = "/tillcast";
  superuser = new pg.Client({
    connectionString: url.href,
    options: "-c search_path=tillcast",
  });
  await superuser.connect();
  const place = ["--time-zone", "Europe/Berlin", "--currency", "EUR", "--closeout", "04:00"];
  const mitte = ["--tenant", tenantId, "--name", "Mitte", "--country", "DE"];
  const made = await cli.run(["store", "create", ...mitte, ...place, "--json"]);
  ({ storeId } = made.json);
  await writeFile(join(cli.dataDir, "sales.csv"), sales);
});

afterAll(async () => {
  await superuser?.end();
  await database?.stop();
  await cli.close();
});

const importSales = (file: string, ...more: string[]) =>
  cli.run(["import", "--store", storeId, "--profile", "generic", join(cli.dataDir, file), ...more]);

describe("tenants, stores, people and keys", () => {
  it("are made with ids that the next command takes", async () => {
    expect([tenantId, storeId]).toEqual([id, id]);
    const { json } = await cli.run(["store", "list", "--tenant", tenantId, "--json"]);
    expect(json.stores).toEqual([
      {
        storeId,
        tenantId,
        name: "Mitte",
        timeZone: "Europe/Berlin",
        currency: "EUR",
        country: "DE",
        groups: [],
        closedFrom: null,
        isArchived: false,
        closeout: "04:00",
      },
    ]);
    const { stdout } = await cli.run(["tenant", "list"]);
    expect(stdout).toContain(`${tenantId}  Aurora  1`);
  });

  it("are refused where the tenant or store is not there, with 1", async () => {
    const key = await cli.run(["key", "create", "--tenant", someId, "--scopes", "sales:read"]);
    expect(key).toMatchObject({ exitCode: 1, stdout: "" });
    expect(key.stderr).toBe(`There is no tenant ${someId} here.\n`);
    const person = ["--tenant", tenantId, "--email", "x@example.com", "--role", "manager"];
    const user = await cli.run(["user", "create", ...person, "--stores", someId, "--json"]);
    expect(user).toMatchObject({ exitCode: 1, json: { error: { code: "notFound" } } });
  });

  it("a person gets a password from standard input, or a link that signs in once", async () => {
    const person = ["user", "create", "--tenant", tenantId, "--role", "manager", "--json"];
    const ana = [...person, "--email", "Ana@Example.com", "--stores", storeId, "--password-stdin"];
    expect(await cli.run(ana, "short\n")).toMatchObject({
      exitCode: 2,
      json: { error: { message: expect.stringContaining("--password-stdin") } },
    });
    expect((await cli.run(ana, "correct horse battery\n")).json).toEqual({ userId: id });
    const again = await cli.run([...person, "--email", "ana@example.com"]);
    expect(again).toMatchObject({ exitCode: 1, json: { error: { code: "conflict" } } });
    const bob = await cli.run([...person, "--email", "bob@example.com"]);
    expect(bob.json).toEqual({
      userId: id,
      linkFile: join(cli.dataDir, "links", `${bob.json.userId}.txt`),
    });
  });

  it("a key is shown once and can be revoked once", async () => {
    const scopes = ["--scopes", "orders:write,sales:read"];
    const { json } = await cli.run(["key", "create", "--tenant", tenantId, ...scopes, "--json"]);
    expect(json).toEqual({
      keyId: expect.stringMatching(/^[0-9a-f]{16}$/),
      key: expect.stringMatching(new RegExp(`^tck_${json.keyId}_`)),
    });
    expect((await cli.run(["key", "revoke", json.keyId])).exitCode).toBe(0);
    expect((await cli.run(["key", "revoke", json.keyId])).exitCode).toBe(1);
  });
});

describe("import", () => {
  it("returns when all is counted, and changes nothing the second time", async () => {
    const first = await importSales("sales.csv", "--json");
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.json).toEqual({ accepted: 2, duplicates: 0, rejected: 0, net: "2500" });
    const { json } = await cli.run(["verify", "--json"]);
    expect(json).toMatchObject({ equal: true, orders: 2, ledgerEntries: 2, differences: [] });
    const second = await importSales("sales.csv", "--json");
    expect(second.json).toEqual({ accepted: 0, duplicates: 2, rejected: 0, net: "2500" });
  });

  it("names each bad row and loses no good one", async () => {
    await writeFile(
      join(cli.dataDir, "bad.csv"),
      `${sales}1003,2026-10-21 12:15,Tea,1,-2.30,0,dine_in,cash\n1004,2026-10-21 25:15,Tea,1,2.30,0,dine_in,cash\n`,
    );
    const human = await importSales("bad.csv");
    expect(human).toMatchObject({ exitCode: 1, stderr: "" });
    expect(human.stdout).toMatch(/bad\.csv:5: unit_price .*\n.*bad\.csv:6: opened_at /);
    expect(human.stdout).toMatch(/2 known already, 2 rejected; net of the good ones 25\.00 EUR\n$/);
    const script = await importSales("bad.csv", "--json");
    expect(script.json).toEqual({ accepted: 0, duplicates: 2, rejected: 2, net: "2500" });
    expect(script.stderr).toContain("bad.csv:5: unit_price");
  });

  it("refuses with 1 what another feed has sales beside, and names the dates", async () => {
    const folder = join(cli.dataDir, "other");
    await mkdir(folder);
    const files = {
      "orders.csv": "order_id,date,time\n1,2026-10-21,13:00\n",
      "details.csv": "order_details_id,order_id,pizza_id,quantity\n1,1,ham_m,1\n",
      "prices.csv": "pizza_id,pizza_type_id,size,price\nham_m,ham,M,9.00\n",
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    const args = ["import", "--store", storeId, "--profile", "pizza", folder];
    const refused = await cli.run([...args, "--json"]);
    expect(refused).toMatchObject({ exitCode: 1, json: { accepted: 0, net: "0" } });
    const feed = `file/generic:${storeId}/${storeId}`;
    expect(refused.json.overlaps).toEqual([{ businessDate: "2026-10-21", feed, orders: 2 }]);
    expect(refused.stderr).toContain(`2026-10-21: 2 orders of ${feed}`);
  });

  it("refuses what it cannot read with 1, and a strange profile with 2", async () => {
    expect(await importSales("missing.csv")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("missing.csv cannot be read"),
    });
    const args = ["import", "--store", storeId, "--profile", "abacus", "x.csv"];
    expect(await cli.run(args)).toMatchObject({
      exitCode: 2,
      stderr: "--profile: there is no profile abacus; there are generic, london-takeaway, pizza.\n",
    });
  });
});

describe("simulate, verify and replay", () => {
  it("counts a week of every kind of trouble, and rebuilds equal tables from the log", async () => {
    const args = ["--weeks", "1", "--stores", "edge", "--trouble", "heavy", "--seed", "7"];
    const { exitCode, json } = await cli.run(["simulate", ...args, "--json"]);
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({ tenantId: id, rejected: 0, parked: 0 });
    expect(json.accepted + json.duplicates).toBe(json.orders);
    const verified = await cli.run(["verify", "--json"]);
    expect(verified).toMatchObject({ exitCode: 0, json: { equal: true, differences: [] } });
    const replayed = await cli.run(["replay", "--json"]);
    expect(replayed).toMatchObject({
      exitCode: 0,
      json: { equal: true, swapped: false, records: json.accepted + 2 },
    });
    expect(replayed.json.tables).toHaveLength(9);
  });

  it("verify names the row that was altered by hand, with 1, until a replay is swapped in", async () => {
    await superuser.query(
      "update rollup_15m set net = net + 1 where store_id = $1 and net = 1210",
      [storeId],
    );
    const human = await cli.run(["verify"]);
    expect(human.exitCode).toBe(1);
    expect(human.stdout).toMatch(
      new RegExp(
        `^Not equal: 1 row differs .*\nrollup_15m, store ${storeId}, business date 2026-10-21, 2026-10-21T10:00:00.000Z, dine_in, EUR, net: expected 1210, found 1211\n$`,
      ),
    );
    const script = await cli.run(["verify", "--json"]);
    expect(script.json).toMatchObject({
      equal: false,
      differences: [{ table: "rollup_15m", expected: { net: "1210" }, found: { net: "1211" } }],
    });
    const replayed = await cli.run(["replay", "--swap", "--json"]);
    expect(replayed).toMatchObject({ exitCode: 1, json: { equal: false, swapped: true } });
    expect((await cli.run(["verify"])).exitCode).toBe(0);
  });
});

describe("inboxes and dead letters", { timeout: 180_000 }, () => {
  it("an inbox is made once, named after its tenant, and listed", async () => {
    const topic = `pos.inbox.${tenantId}.v1`;
    const made = await cli.run(["inbox", "create", "--tenant", tenantId, "--json"]);
    expect(made).toMatchObject({ exitCode: 0, json: { topic } });
    const { json } = await cli.run(["inbox", "list", "--json"]);
    expect(json).toEqual({ inboxes: [{ tenantId, topic }] });
    expect((await cli.run(["inbox", "create", "--tenant", someId])).exitCode).toBe(1);
  });

  it("dead letters are an alarm with their reasons", async () => {
    const topic = `pos.inbox.${tenantId}.v1`;
    await superuser.query(
      `insert into dead_letter
         (topic, topic_id, partition, record_offset, group_name, key, value, headers, reason, at)
       select topic, topic_id, 0, n, 'ingest-inbox', 'till', '\\x07', '{}', 'no currency', now()
       from log_topic, generate_series(5, 6) as n where topic = $1`,
      [topic],
    );
    const listed = await cli.run(["dead-letters", "list", "--group", "ingest-inbox", "--json"]);
    expect(listed.json.deadLetters).toMatchObject([
      { place: `${topic}/0/5`, reason: "no currency", key: "till", redrivenAt: null },
      { place: `${topic}/0/6` },
    ]);
    const examined = await cli.run(["doctor"]);
    expect(examined.stdout).toMatch(/FAILED +dead letters +2 of ingest-inbox .*no currency/);
  });

  it("a dead letter is sent again by its place or with all others, and keeps by whom", async () => {
    const topic = `pos.inbox.${tenantId}.v1`;
    const redrive = (...args: readonly string[]) => cli.run(["dead-letters", "redrive", ...args]);
    expect((await redrive()).exitCode).toBe(2);
    expect((await redrive(`${topic}/0/7`)).stderr).toContain(`${topic}/0/7`);
    expect((await redrive(`${topic}/0/5`, "--json")).json).toEqual({ redriven: 1 });
    expect((await redrive("--all", "--topic", topic)).stdout).toBe("Sent 1 records again.\n");
    const all = await cli.run(["dead-letters", "list", "--redriven", "--json"]);
    expect(all.json.deadLetters).toMatchObject([
      { redrivenAt: expect.any(String), redrivenBy: expect.any(String) },
      { redrivenAt: expect.any(String), redrivenBy: expect.any(String) },
    ]);
  });
});

describe("forecasts", () => {
  it("retrain answers what became of each job", async () => {
    const { exitCode, json } = await cli.run(["retrain", "--tenant", tenantId, "--json"]);
    expect(exitCode).toBe(0);
    expect(json.jobs).toMatchObject([
      { tenantId, kind: "train-forecast", state: "done", error: null },
      { tenantId, kind: "predict-forecast", state: "done", error: null },
    ]);
  });
});

describe("doctor", () => {
  const states = (checks: { name: string; state: string }[]) =>
    Object.fromEntries(checks.map(({ name, state }) => [name, state]));

  it("finds nothing wrong, and no server", async () => {
    const { exitCode, json } = await cli.run(["doctor", "--json"]);
    expect({ exitCode, ok: json.ok }).toEqual({ exitCode: 0, ok: true });
    const { server, ...others } = states(json.checks);
    expect(server).toBe("notice");
    expect(new Set(Object.values(others))).toEqual(new Set(["ok"]));
  });

  it("says which backup keeps the log, and from when on", async () => {
    const folder = join(cli.dataDir, "copy");
    expect(await cli.run(["backup", "--to", folder])).toMatchObject({ exitCode: 0 });
    const { stdout } = await cli.run(["doctor"]);
    expect(stdout).toMatch(
      /ok +backups +1, the newest of 20.*Z in .*copy; the log is kept from 20/,
    );
    expect(stdout).toMatch(/ok +bases +none holds the log/);
  });

  it("fails where row security is open, a migration is missing or a record was set aside", async () => {
    await superuser.query(`
      alter table feed no force row level security;
      insert into dead_letter (topic, topic_id, partition, record_offset, group_name, key, value, headers, reason, at)
      values ('pos.orders.v1', gen_random_uuid(), 0, 0, 'ledger', 'k', '', '{}', 'not Avro', now())`);
    const { exitCode, json, stdout } = await cli.run(["doctor"]);
    expect({ exitCode, json }).toMatchObject({ exitCode: 1 });
    expect(stdout).toMatch(/FAILED +row security +not forced on feed\n/);
    expect(stdout).toMatch(/FAILED +dead letters +1 of ledger wait for someone .* not Avro\n/);
    await superuser.query(`
      alter table feed force row level security;
      delete from dead_letter;
      delete from migration where name = (select max(name) from migration)`);
    const older = await cli.run(["doctor", "--json"]);
    expect(older.exitCode).toBe(1);
    expect(states(older.json.checks)).toMatchObject({ "row security": "ok", migrations: "failed" });
  });
});
