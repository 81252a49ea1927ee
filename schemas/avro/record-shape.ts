import { z } from "zod";
import { int } from "./annotations.ts";

/**
 * Writes what a schema takes from JSON as a shape that Avro can carry: the same fields under the same
 * names, every amount and instant as the text that JSON has, words as text (so that one that is not
 * known yet is refused with its field, not as bytes that nobody can read). Whatever JSON may leave out is
 * nullable, and lists are empty, so that writers may leave it out and later versions can add to it; what
 * it may not leave out comes first, so that a record begins with a text and never with a zero byte.
 * Limits and sums stay with the schema itself. Throws for a zod type that no record can carry.
 */
export function recordShapeOf(schema: z.ZodType): z.ZodType {
  switch (schema.def.type) {
    case "object": {
      const shape = Object.entries((schema as z.ZodObject).shape as Record<string, z.ZodType>);
      const needed = shape.filter(([, part]) => !isOptional(part));
      const others = shape.filter(([, part]) => isOptional(part));
      return z.object(
        Object.fromEntries(
          [...needed, ...others].map(([key, part]) => [key, fieldShapeOf(part)] as const),
        ),
      );
    }
    case "array":
      return z.array(recordShapeOf((schema as z.ZodArray).element as z.ZodType));
    case "pipe":
      return recordShapeOf((schema as z.ZodPipe).in as z.ZodType);
    case "union": {
      // Numbers are a convenience of JSON; text says the same.
      const options = (schema as z.ZodUnion).options as readonly z.ZodType[];
      if (options.some((option) => option.def.type === "string")) return z.string();
      throw new Error("A union without text cannot be carried.");
    }
    case "string":
    case "enum":
      return z.string();
    case "boolean":
      return z.boolean();
    case "number":
      return int;
    default:
      throw new Error(`No record can carry zod type "${schema.def.type}".`);
  }
}

/** Whether JSON may leave a field out. */
const isOptional = (part: z.ZodType): boolean =>
  ["optional", "nullable", "default"].includes(part.def.type);

/** A field of a record, nullable or with an empty list where JSON may leave it out. */
function fieldShapeOf(part: z.ZodType): z.ZodType {
  if (!isOptional(part)) return recordShapeOf(part);
  let inner = part;
  while (isOptional(inner)) {
    inner = (inner as z.ZodOptional | z.ZodNullable | z.ZodDefault).unwrap() as z.ZodType;
  }
  const shape = recordShapeOf(inner);
  return inner.def.type === "array" ? shape.default([]) : shape.nullable();
}
