import pg from "pg";
import { applicationNames } from "./installation.ts";

/** A server always has a session for its place in the log's groups, whatever its pools do. */
const selectServer = `
  select 1 from pg_stat_activity
  where datname = current_database() and starts_with(application_name, $1)
  limit 1`;

/** Whether a Tillcast server works on this database; asked as the owner, who sees the server's sessions. */
export async function isServed(ownerUrl: string): Promise<boolean> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: applicationNames.command,
  });
  await client.connect();
  try {
    return (await client.query(selectServer, [applicationNames.server])).rows.length > 0;
  } finally {
    await client.end();
  }
}
