import type { Pool } from "pg";
import type {
  AvroSchema,
  RegisteredSchema,
  SchemaRegistry,
  UnframedSchema,
} from "./schema-registry.ts";

const insertSchemaSql = `
  insert into avro_schema (fingerprint, schema) values ($1, $2)
  on conflict (fingerprint) do nothing`;

const selectIdSql = "select schema_id from avro_schema where fingerprint = $1";

const selectByFingerprintSql = "select schema from avro_schema where fingerprint = $1";

const selectSchemaSql = "select fingerprint, schema from avro_schema where schema_id = $1";

/** A schema registry in our own database, for the log on PostgreSQL. */
export function makeTableRegistry(pool: Pool): SchemaRegistry {
  return {
    async register(_topic, schema) {
      await keepSchema(pool, schema);
      const { rows } = await pool.query<{ schema_id: number }>(selectIdSql, [schema.fingerprint]);
      return rows[0]?.schema_id as number;
    },
    async find(schemaId) {
      const { rows } = await pool.query<RegisteredSchema>(selectSchemaSql, [schemaId]);
      return rows[0];
    },
  };
}

/**
 * Wraps an external registry and stores its schemas in our database too. Order heads keep their bytes as
 * written, and are read without the external registry.
 */
export function keepingSchemas(pool: Pool, registry: SchemaRegistry): SchemaRegistry {
  return {
    async register(topic, schema) {
      const id = await registry.register(topic, schema);
      await keepSchema(pool, schema);
      return id;
    },
    async find(schemaId) {
      const found = await registry.find(schemaId);
      if (found !== undefined) await keepSchema(pool, found);
      return found;
    },
  };
}

async function keepSchema(pool: Pool, { fingerprint, schema }: RegisteredSchema): Promise<void> {
  await pool.query(insertSchemaSql, [fingerprint, JSON.stringify(schema)]);
}

/** The schema of values without a schema id. Every release that wrote such values stored it here. */
export function unframedSchema(pool: Pool, fingerprint: Buffer): UnframedSchema {
  return {
    fingerprint,
    async find() {
      const { rows } = await pool.query<{ schema: AvroSchema }>(selectByFingerprintSql, [
        fingerprint,
      ]);
      return rows[0]?.schema;
    },
  };
}
