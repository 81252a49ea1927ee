import { withSuperuser } from "./test-databases.ts";

/** A PostgreSQL server that test databases are made on. */
export interface TestServer {
  /** Connects as the owner of test databases. */
  readonly url: string;
  readonly superuserUrl: string;
}

const owner = { name: "tillcast", password: "tillcast" };
/** Settles which of several test processes makes the owner. */
const ownerLock = 7_412_020_303;

/** Answers how to use a server of somebody else's, after making the role that owns test databases on it. */
export async function joinNamedServer(superuserUrl: string): Promise<TestServer> {
  await withSuperuser(superuserUrl, async (client) => {
    await client.query("select pg_advisory_lock($1)", [ownerLock]);
    const found = await client.query("select 1 from pg_roles where rolname = $1", [owner.name]);
    const verb = found.rowCount === 0 ? "create" : "alter";
    await client.query(
      `${verb} role ${owner.name} login nosuperuser createrole password '${owner.password}'`,
    );
  });
  const url = Object.assign(new URL(superuserUrl), {
    username: owner.name,
    password: owner.password,
  }).href;
  return { url, superuserUrl };
}
