import type { AvroCodec } from "@tillcast/schemas";

/** An Avro schema as JSON. */
export type AvroSchema = AvroCodec<unknown>["schema"];

/** A schema with its fingerprint, the name that order heads and tables use. */
export interface RegisteredSchema {
  readonly fingerprint: Buffer;
  readonly schema: AvroSchema;
}

/** Gives every schema an id that is the same for all processes and releases. */
export interface SchemaRegistry {
  /** Resolves with the id of a topic's schema, and registers a new one. Throws `schemaRefused` if it is incompatible. */
  register(topic: string, schema: RegisteredSchema): Promise<number>;
  /** The schema of an id; undefined if it is not registered. */
  find(schemaId: number): Promise<RegisteredSchema | undefined>;
}

/**
 * The schema that a topic had before values carried schema ids. Its values still carry none, so that
 * processes of the release before can read them during an upgrade. Values of later schemas carry one. No
 * encoded value of ours starts with a zero byte, because each starts with a text that is never empty.
 */
export interface UnframedSchema {
  readonly fingerprint: Buffer;
  /** Undefined if no process ever wrote in it. */
  readonly find: () => Promise<AvroSchema | undefined>;
}
