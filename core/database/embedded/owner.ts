import type pg from "pg";
import { connectClient } from "../held-connection.ts";
import { databaseRoles } from "../pools.ts";
import { superuserName } from "./cluster.ts";
import { databasePassword } from "./data-directory.ts";

/** The database and its owner role. Services never connect as superuser. */
const ownerName = "tillcast";

/** Addresses of one embedded server. */
export interface ServerUrls {
  /** The product's database as its owner, which is no superuser. */
  readonly owner: string;
  /** The server as superuser, to create and drop databases. */
  readonly superuser: string;
}

/** Makes the addresses from the server's port and secret. */
export async function serverUrls(secretFile: string, port: number): Promise<ServerUrls> {
  const address = async (user: string, database: string) =>
    `postgres://${user}:${await databasePassword(secretFile, user)}@127.0.0.1:${port}/${database}`;
  return {
    owner: await address(ownerName, ownerName),
    superuser: await address(superuserName, "postgres"),
  };
}

/** Creates the owner, the services' roles and the database if they are missing. */
export async function ensureOwner(urls: ServerUrls): Promise<void> {
  const client = await connectClient({ connectionString: urls.superuser });
  try {
    const found = await client.query("select 1 from pg_database where datname = $1", [ownerName]);
    if (found.rowCount === 1) return;
    const password = client.escapeLiteral(new URL(urls.owner).password);
    await ensureRole(client, ownerName, `login password ${password}`);
    for (const role of Object.values(databaseRoles)) {
      await ensureRole(client, role, "nologin");
      await client.query(`grant ${role} to ${ownerName}`);
    }
    // The database is created last, because it marks that all of this is done.
    await client.query(`create database ${ownerName} owner ${ownerName}`);
  } finally {
    await client.end();
  }
}

async function ensureRole(client: pg.Client, role: string, attributes: string): Promise<void> {
  const found = await client.query("select 1 from pg_roles where rolname = $1", [role]);
  const verb = found.rowCount === 0 ? "create" : "alter";
  await client.query(`${verb} role ${role} with nosuperuser nobypassrls ${attributes}`);
}
