import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { silentLogger } from "@tillcast/core";
import { connectOrStart, type EmbeddedServer } from "@tillcast/core/database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handOverLink } from "./runtime/sign-in-link.ts";
import { type Cli, openCli } from "./testing/run-cli.ts";

let cli: Cli;
let database: EmbeddedServer;
let tenantId: string;
let storeId: string;
let userId: string;

const run = (...args: string[]) => cli.run([...args, "--json"]);

beforeAll(async () => {
  cli = await openCli();
  database = await connectOrStart({ dataDir: cli.dataDir, log: silentLogger });
  ({ tenantId } = (await run("tenant", "create", "--name", "Trattoria Aurora")).json);
  const place = ["--time-zone", "Europe/Berlin", "--currency", "EUR", "--closeout", "04:00"];
  const mitte = ["--tenant", tenantId, "--name", "Mitte"];
  ({ storeId } = (await run("store", "create", ...mitte, ...place)).json);
  const bob = ["--tenant", tenantId, "--email", "bob@example.com", "--role", "viewer"];
  ({ userId } = (await run("user", "create", ...bob)).json);
});

afterAll(async () => {
  await database?.stop();
  await cli.close();
});

describe("accounts by command", { timeout: 180_000 }, () => {
  it("a person is found by email or id, and changed", async () => {
    await run("user", "role", "Bob@Example.com", "--to", "manager");
    await run("user", "stores", userId, "--stores", storeId);
    await run("user", "disable", userId);
    const { users } = (await run("user", "list", "--tenant", tenantId)).json;
    expect(users).toMatchObject([
      { userId, role: "manager", allStores: false, storeIds: [storeId], isDisabled: true },
    ]);
    await run("user", "enable", userId);
  });

  it("a new link is in a file that nobody else reads, and on a terminal only there", async () => {
    const made = await run("user", "link", "bob@example.com");
    const linkFile = join(cli.dataDir, "links", `${userId}.txt`);
    expect(made.json).toEqual({ userId, linkFile });
    expect((await stat(linkFile)).mode & 0o777).toBe(0o600);
    expect((await stat(join(cli.dataDir, "links"))).mode & 0o777).toBe(0o700);
    expect(await readFile(linkFile, "utf8")).toMatch(/^http:.*\/link#token=[\w-]{43}\n$/);
    expect(made.stdout + made.stderr).not.toContain("token=");
    const settings = { TILLCAST_DATA_DIR: cli.dataDir, HOST: "127.0.0.1", PORT: 8080 } as never;
    expect(await handOverLink({ settings }, { userId, token: "abc" }, true)).toEqual({
      link: "http://127.0.0.1:8080/link#token=abc",
    });
  });

  it("nobody is made with a password built from the tenant's name", async () => {
    const eve = ["--tenant", tenantId, "--email", "eve@example.com", "--role", "viewer"];
    const args = ["user", "create", ...eve, "--password-stdin", "--json"];
    const { exitCode, json } = await cli.run(args, "AuroraTrattoria1\n");
    expect(exitCode).toBe(2);
    expect(json.error.message).toMatch(/^--password-stdin: is built from the account's own name/);
  });

  it("a key that is rotated works on beside the new one", async () => {
    const scopes = ["--scopes", "orders:write", "--name", "till"];
    const { keyId } = (await run("key", "create", "--tenant", tenantId, ...scopes)).json;
    const rotated = (await run("key", "rotate", keyId, "--overlap", "48")).json;
    const { keys } = (await run("key", "list", "--tenant", tenantId)).json;
    expect(keys).toMatchObject([
      { keyId, name: "till", expiresAt: rotated.oldEndsAt },
      { keyId: rotated.keyId, name: "till", scopes: ["orders:write"], expiresAt: null },
    ]);
  });

  it("a tenant is renamed, a store is archived", async () => {
    await run("tenant", "rename", tenantId, "--name", "Trattoria Alba");
    await run("store", "archive", storeId);
    expect((await run("store", "list", "--tenant", tenantId)).json.stores).toEqual([]);
    const { stores } = (await run("store", "list", "--archived")).json;
    expect(stores).toMatchObject([
      { storeId, isArchived: true, closedFrom: new Date().toISOString().slice(0, 10) },
    ]);
  });

  it("all of it stands in the audit, with whoever did it, and no email or secret", async () => {
    const listed = await run("audit", "list", "--tenant", tenantId);
    const { events } = listed.json;
    expect(events.map((event: { action: string }) => event.action)).toEqual([
      "store archived",
      "tenant renamed",
      "key rotated",
      "key created",
      "link made",
      "person enabled",
      "person disabled",
      "person changed",
      "person changed",
      "person created",
      "store created",
      "tenant created",
    ]);
    expect(events[0]).toMatchObject({ actorKind: "operator", actor: expect.stringMatching(/.@./) });
    expect(listed.stdout).not.toMatch(/@example\.com|tck_|token=/);
    const next = await run("audit", "list", "--before", events[1].auditId, "--max", "1");
    expect(next.json.events).toEqual([events[2]]);
  });
});
