import type { Schema } from "avsc";
import { z } from "zod";
import type { AvroAnnotation } from "./annotations.ts";

type Def = z.core.$ZodTypeDef & Record<string, unknown>;

const annotationOf = (schema: z.ZodType): AvroAnnotation =>
  (schema.meta()?.avro as AvroAnnotation | undefined) ?? {};

/**
 * Writes a zod schema as the equal Avro schema, so that a shape has one definition. `nullable` becomes a
 * union with null that defaults to null, and `default` of a list becomes Avro's default, which keeps added
 * fields backward compatible. Throws for a zod type that Avro cannot carry.
 */
export function avroFromZod(schema: z.ZodType, namespace: string): Schema {
  const written = new Set<string>();
  const write = (part: z.ZodType, path: string): Schema => {
    const def = part.def as unknown as Def;
    const annotation = annotationOf(part);
    switch (def.type) {
      case "object":
        return writeRecord(part as z.ZodObject, annotation, path);
      case "enum": {
        // Avro's symbols are names; words such as "15m" are none and cross as text.
        const symbols = [...(part as z.ZodEnum).options].map(String);
        if (!symbols.every((symbol) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(symbol))) return "string";
        const name = annotation.name ?? nameOf(path);
        if (written.has(name)) return `${namespace}.${name}`;
        written.add(name);
        const { fallback } = annotation;
        return {
          type: "enum",
          name,
          symbols,
          ...(fallback !== undefined && { default: fallback }),
        };
      }
      case "array":
        return { type: "array", items: write((part as z.ZodArray).element as z.ZodType, path) };
      case "string":
        return "string";
      case "boolean":
        return "boolean";
      case "bigint":
      case "number": {
        if (annotation.type === undefined) throw new Error(`${path}: say int, long or double.`);
        return annotation.logicalType === undefined
          ? annotation.type
          : { type: annotation.type, logicalType: annotation.logicalType };
      }
      default:
        throw new Error(`${path}: Avro cannot carry zod type "${def.type}".`);
    }
  };
  const writeRecord = (record: z.ZodObject, annotation: AvroAnnotation, path: string): Schema => {
    const name = annotation.name ?? nameOf(path);
    if (written.has(name)) return `${namespace}.${name}`;
    written.add(name);
    const fields = Object.entries(record.shape as Record<string, z.ZodType>).map(([key, value]) => {
      const at = `${path}.${key}`;
      if ((value.def as unknown as Def).type === "nullable") {
        const inner = (value as z.ZodNullable).unwrap() as z.ZodType;
        return { name: key, type: ["null", write(inner, at)] as Schema[], default: null };
      }
      if (value instanceof z.ZodDefault && value.unwrap() instanceof z.ZodArray) {
        const list = write(value.unwrap() as z.ZodType, at);
        return { name: key, type: list, default: value.def.defaultValue };
      }
      return { name: key, type: write(value, at) };
    });
    return { type: "record", name, namespace, fields } as Schema;
  };
  return write(schema, annotationOf(schema).name ?? "Record");
}

/** `Order.lines.tax` is named `OrderLinesTax` where no name is given. */
function nameOf(path: string): string {
  return path
    .split(".")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join("");
}
