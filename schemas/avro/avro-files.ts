import type { z } from "zod";
import * as exported from "../index.ts";
import type { AvroCodec } from "./codec.ts";

/** One shape that crosses the log: its zod schema, its codec, and its Avro schema as a file. */
export interface LogContract {
  readonly name: string;
  readonly zod: z.ZodType;
  readonly codec: AvroCodec<unknown>;
  /** Where the Avro schema is kept for readers in other languages. */
  readonly file: URL;
  readonly text: string;
}

/** Every shape that crosses the log, found by its exported `...Codec`. */
export function logContracts(): LogContract[] {
  return Object.entries(exported)
    .filter(([name, value]) => name.endsWith("Codec") && typeof value === "object")
    .map(([, value]) => {
      const codec = value as AvroCodec<unknown>;
      const name = (codec.schema as { name: string }).name;
      const zod = (exported as Record<string, unknown>)[name] as z.ZodType;
      const file = new URL(`./generated/${kebabCase(name)}.avsc`, import.meta.url);
      return { name, zod, codec, file, text: `${JSON.stringify(codec.schema, null, 2)}\n` };
    });
}

/** `OrderSnapshotV1` becomes `order-snapshot-v1`. */
function kebabCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}
