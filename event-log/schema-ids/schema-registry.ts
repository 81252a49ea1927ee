import type { AvroCodec } from "@tillcast/schemas";

/** An Avro schema as JSON. */
export type AvroSchema = AvroCodec<unknown>["schema"];

/** A schema with the name that heads and tables give it. */
export interface RegisteredSchema {
  readonly fingerprint: Buffer;
  readonly schema: AvroSchema;
}

/** Gives schemas numbers that every process and every version agrees on. */
export interface SchemaRegistry {
  /** The id of a topic's schema, made known if it is new. Raises `schemaRefused` where it may not follow. */
  register(topic: string, schema: RegisteredSchema): Promise<number>;
  /** The schema of an id; undefined when nobody registered it. */
  find(schemaId: number): Promise<RegisteredSchema | undefined>;
}
