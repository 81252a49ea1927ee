import { orderSnapshotCodec } from "@tillcast/schemas";
import type { Pool } from "pg";
import { postedCodec } from "../fold/posted.ts";

const insertSchema = `
  insert into avro_schema (fingerprint, schema)
  values ($1, $2)
  on conflict (fingerprint) do nothing`;

/** Keeps the schemas that this code writes heads with, so that later code can read them. */
export async function saveWriterSchemas(pool: Pool): Promise<void> {
  for (const { fingerprint, schema } of [orderSnapshotCodec, postedCodec]) {
    await pool.query(insertSchema, [fingerprint, JSON.stringify(schema)]);
  }
}
