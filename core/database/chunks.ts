/**
 * TimescaleDB keeps a hypertable's rows in chunks, tables with the hypertable's grants and without its
 * policies: whoever may name a chunk reads every tenant's rows. So the schemas of chunks are closed to
 * tenants, at every start, and a process is only ready while they are.
 */
import type { ClientBase, Pool } from "pg";
import { appError } from "../errors.ts";
import { databaseRoles, databaseSchema } from "./pools.ts";

/** Schemas of tables that hold rows of ours; on plain PostgreSQL there is none beside our own. */
const selectChunkSchemas = `
  select distinct chunk.relnamespace::regnamespace::text as name,
    has_schema_privilege('${databaseRoles.tenant}', chunk.relnamespace, 'usage') as is_open
  from pg_inherits as child
  join pg_class as parent on parent.oid = child.inhparent
  join pg_class as chunk on chunk.oid = child.inhrelid
  where parent.relnamespace = to_regnamespace('${databaseSchema}')
    and chunk.relnamespace <> parent.relnamespace`;

/**
 * Its usage cannot be taken away: without it, every statement of an ordinary role's new session fails,
 * since the extension looks there itself. Ours is made so that nothing of ours lies there.
 */
const extensionSchema = "_timescaledb_internal";

interface ChunkSchema {
  readonly name: string;
  readonly is_open: boolean;
}

/**
 * Takes the chunks' schemas from everybody but the owner, since a restore or a person may have opened
 * them; throws `chunksReachable` where that cannot be done.
 */
export async function closeChunks(owner: ClientBase): Promise<void> {
  const { rows } = await owner.query<ChunkSchema>(selectChunkSchemas);
  for (const { name } of rows.filter((schema) => schema.name !== extensionSchema)) {
    await owner.query(`revoke usage on schema ${name} from public, ${databaseRoles.tenant}`);
  }
  await assertChunksClosed(owner);
}

/** Throws `chunksReachable` when a tenant's session could read chunks past the policies. */
export async function assertChunksClosed(database: ClientBase | Pool): Promise<void> {
  const { rows } = await database.query<ChunkSchema>(selectChunkSchemas);
  const open = rows.filter((schema) => schema.is_open).map((schema) => schema.name);
  if (open.length > 0) throw appError("chunksReachable", { schemas: open.join(", ") });
}
