import avsc, { type Schema, type Type } from "avsc";

/** A next release's shape of a record: a word more in every list that can grow, and a field more. */
export interface NextSchema {
  readonly schema: Schema;
  encode(value: unknown): Buffer;
  /** The value with the new word in each place of a list that can grow. */
  withNewWords(value: unknown): unknown;
  /** The same as a reader that does not know the word has it. */
  withFallbacks(value: unknown): unknown;
}

/** A word that this release does not know. */
export const newWord = "from_a_later_release";

interface Part {
  readonly type?: unknown;
  readonly items?: unknown;
  readonly fields?: readonly { readonly name: string; readonly type: unknown }[];
  readonly symbols?: readonly string[];
  readonly default?: string;
}

/** Money as the bigint that it is in code. */
class Minor extends avsc.types.LogicalType {
  protected override _fromValue(value: number): bigint {
    return BigInt(value);
  }
  protected override _toValue(value: unknown): number | undefined {
    return typeof value === "bigint" ? Number(value) : undefined;
  }
}

/** Makes the next release's shape of a committed schema, without a line of the code that makes ours. */
export function nextSchema(schema: Schema): NextSchema {
  const next = grown(schema) as { fields: unknown[] };
  next.fields.push({ name: "fromALaterRelease", type: ["null", "string"], default: null });
  const type: Type = avsc.Type.forSchema(next as unknown as Schema, {
    logicalTypes: { minor: Minor },
  });
  return {
    schema: next as unknown as Schema,
    encode: (value) => type.toBuffer({ ...(value as object), fromALaterRelease: "something" }),
    withNewWords: (value) => replaced(schema, value, () => newWord),
    withFallbacks: (value) => replaced(schema, value, (fallback) => fallback),
  };
}

function grown(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(grown);
  if (typeof schema !== "object" || schema === null) return schema;
  const part = schema as Part;
  if (part.type === "enum" && part.symbols !== undefined) {
    return part.default === undefined ? part : { ...part, symbols: [...part.symbols, newWord] };
  }
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, grown(value)]));
}

function replaced(schema: unknown, value: unknown, word: (fallback: string) => string): unknown {
  if (value === null || value === undefined) return value;
  const part = (Array.isArray(schema) ? schema.find((one) => one !== "null") : schema) as Part;
  if (part.type === "enum") return part.default === undefined ? value : word(part.default);
  if (part.type === "array") {
    return (value as readonly unknown[]).map((item) => replaced(part.items, item, word));
  }
  if (part.type !== "record") return value;
  const fields = (part.fields ?? []).map(({ name, type }) => {
    const before = (value as Record<string, unknown>)[name];
    return [name, replaced(type, before, word)] as const;
  });
  return Object.fromEntries(fields);
}
