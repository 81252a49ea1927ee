import { connectClient } from "@tillcast/core/database";
import { applicationNameOf, type ServiceName, serviceNames } from "./roles.ts";

/** Processors and forecasters always have a session, for their places in groups and for their jobs. */
const selectServer = `
  select 1 from pg_stat_activity
  where datname = current_database()
    and exists (select from unnest($1::text[]) as name where starts_with(application_name, name))
  limit 1`;

/**
 * Whether a process that runs a service (any service where none is named) works on this database, alone or
 * with all the others; asked as the owner, who sees everybody's sessions.
 */
export async function isServed(ownerUrl: string, service?: ServiceName): Promise<boolean> {
  const client = await connectClient({
    connectionString: ownerUrl,
    application_name: applicationNameOf("command"),
  });
  try {
    const wanted = service === undefined ? serviceNames : [service];
    const names = ["server" as const, ...wanted].map(applicationNameOf);
    return (await client.query(selectServer, [names])).rows.length > 0;
  } finally {
    await client.end();
  }
}
