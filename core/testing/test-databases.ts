import pg from "pg";

/** Names begin so; the process that made the database follows, so that a dead one's can be found. */
const prefix = "test_";
const templatePrefix = "template_test_";

/** A name that nobody else has, telling whose database it is. */
export function testDatabaseName(suffix: string): string {
  return `${prefix}${process.pid}_${suffix}`;
}

/** The name of the migrated database that copies are made from. */
export function templateName(digest: string): string {
  return `${templatePrefix}${digest}`;
}

/** Runs statements as superuser on one connection. */
export async function withSuperuser<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: url, application_name: "tillcast-test" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Drops databases that killed test processes left behind, or all of them and the templates. */
export async function dropLeftOvers(
  url: string,
  which: "of the dead" | "all",
  isAlive: (pid: number) => boolean,
): Promise<void> {
  await withSuperuser(url, async (client) => {
    const rows = await client.query<{ name: string }>(
      `select datname as name from pg_database where datname like '${prefix}%' or datname like '${templatePrefix}%'`,
    );
    for (const { name } of rows.rows) {
      const pid = Number(name.split("_")[1]);
      const isOrphan = name.startsWith(prefix) && !isAlive(pid);
      if (which === "all" || isOrphan) {
        await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`);
      }
    }
  });
}
