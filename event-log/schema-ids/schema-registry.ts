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

/**
 * The schema that a topic had before values were framed. Its values carry no frame still, so that processes
 * of the release before read them during an upgrade; a later schema's do. No shape of ours begins with a zero
 * byte: each begins with a text that is never empty.
 */
export interface UnframedSchema {
  readonly fingerprint: Buffer;
  /** Undefined when no process ever wrote in it. */
  readonly find: () => Promise<AvroSchema | undefined>;
}
