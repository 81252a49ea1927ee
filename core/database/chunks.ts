/**
 * Closes TimescaleDB's chunks to tenants. TimescaleDB stores a hypertable's rows in chunk tables, which have the
 * hypertable's grants and not its row security: a session that can name a chunk could read every tenant's rows. So the
 * chunks' schemas are closed to tenants at every start, and a process is ready only while they are closed.
 */
import type { ClientBase, Pool } from "pg";
import { appError } from "../errors.ts";
import { databaseRoles, databaseSchema } from "./pools.ts";

/** The schemas of tables with our rows. Plain PostgreSQL has only our own schema. */
const selectChunkSchemas = `
  select distinct chunk.relnamespace::regnamespace::text as name,
    has_schema_privilege('${databaseRoles.tenant}', chunk.relnamespace, 'usage') as is_open
  from pg_inherits as child
  join pg_class as parent on parent.oid = child.inhparent
  join pg_class as chunk on chunk.oid = child.inhrelid
  where parent.relnamespace = to_regnamespace('${databaseSchema}')
    and chunk.relnamespace <> parent.relnamespace`;

/**
 * Usage of this schema cannot be revoked, because the extension needs it in every session of an ordinary role. We
 * therefore place no chunks in it.
 */
const extensionSchema = "_timescaledb_internal";

interface ChunkSchema {
  readonly name: string;
  readonly is_open: boolean;
}

/**
 * Revokes the chunks' schemas from all roles except the owner, because a restore or a person may have granted them.
 * Throws `chunksReachable` if that fails.
 */
export async function closeChunks(owner: ClientBase): Promise<void> {
  const { rows } = await owner.query<ChunkSchema>(selectChunkSchemas);
  for (const { name } of rows.filter((schema) => schema.name !== extensionSchema)) {
    await owner.query(`revoke usage on schema ${name} from public, ${databaseRoles.tenant}`);
  }
  await assertChunksClosed(owner);
}

/** Throws `chunksReachable` if a tenant's session could read chunks without row security. */
export async function assertChunksClosed(database: ClientBase | Pool): Promise<void> {
  const { rows } = await database.query<ChunkSchema>(selectChunkSchemas);
  const open = rows.filter((schema) => schema.is_open).map((schema) => schema.name);
  if (open.length > 0) throw appError("chunksReachable", { schemas: open.join(", ") });
}
