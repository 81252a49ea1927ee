import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { silentLogger } from "@tillcast/core";
import { migrate } from "@tillcast/core/database";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../house/sources.ts";
import { installed } from "./installed.ts";
import { startTimescale, type TimescaleServer } from "./start-timescale.ts";

const password = randomBytes(12).toString("hex");
let server: TimescaleServer;
beforeAll(async () => {
  server = await startTimescale({ flags: ["-c", "fsync=off"] });
  const { port, hostname } = new URL(server.url);
  const variables = {
    PATH: "/usr/bin:/bin:/usr/lib/postgresql/17/bin",
    PGHOST: hostname,
    PGPORT: port,
    PGPASSWORD: "postgres",
    POSTGRES_USER: "postgres",
    TILLCAST_DATABASE_PASSWORD: password,
  };
  // Inside the server's own root lies a psql of its version, as in the image.
  const given = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  execFileSync("chroot", [await installed("timescale"), "env", "-i", ...given, "sh", "-s"], {
    input: readFileSync(join(root, "deploy/database/make-owner.sh")),
  });
});
afterAll(() => server?.stop());

test("the role that containers connect as owns its database, is no superuser, and can migrate it", async () => {
  const url = Object.assign(new URL(server.url), {
    username: "tillcast",
    password,
    pathname: "/tillcast",
  }).href;
  await migrate({ url, directory: join(root, "schemas/migrations"), log: silentLogger });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      "select rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = current_user",
    );
    expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: true }]);
    const { rows: tier } = await client.query("select tier from tillcast.storage_tier");
    expect(tier).toEqual([{ tier: expect.stringContaining("timescale") }]);
  } finally {
    await client.end();
  }
});
