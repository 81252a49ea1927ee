import fc from "fast-check";
import type { z } from "zod";
import { MINOR_MAX } from "../../money/index.ts";
import type { AvroAnnotation } from "../annotations.ts";

/** Random values that a zod schema accepts, for the zod types that can cross the log. */
export function valuesOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  switch (schema.def.type) {
    case "object": {
      const shape = (schema as z.ZodObject).shape as Record<string, z.ZodType>;
      return fc.record(
        Object.fromEntries(Object.entries(shape).map(([key, part]) => [key, valuesOf(part)])),
      );
    }
    case "array":
      return fc.array(valuesOf((schema as z.ZodArray).element as z.ZodType), { maxLength: 4 });
    case "default":
      return valuesOf((schema as z.ZodDefault).unwrap() as z.ZodType);
    case "nullable":
      return fc.option(valuesOf((schema as z.ZodNullable).unwrap() as z.ZodType));
    case "enum":
      return fc.constantFrom(...(schema as z.ZodEnum).options);
    case "boolean":
      return fc.boolean();
    case "string": {
      const pattern = patternOf(schema as z.ZodString);
      return pattern === undefined
        ? fc.string({ unit: "binary", maxLength: 40 })
        : fc.stringMatching(pattern);
    }
    case "bigint": {
      return fc.bigInt({ min: -MINOR_MAX, max: MINOR_MAX });
    }
    case "number":
      return numbers((schema.meta()?.avro as AvroAnnotation | undefined)?.type);
    default:
      throw new Error(`No values are known for zod type "${schema.def.type}".`);
  }
}

function numbers(avroType: AvroAnnotation["type"]): fc.Arbitrary<number> {
  if (avroType === "double") return fc.double({ noNaN: true, noDefaultInfinity: true });
  if (avroType === "int") return fc.integer();
  // The same limits as money, for the same reason.
  return fc.integer({ min: -Number(MINOR_MAX), max: Number(MINOR_MAX) });
}

/** The regular expression of `z.string().regex(...)`. */
function patternOf(schema: z.ZodString): RegExp | undefined {
  return schema.def.checks
    ?.map((check) => (check._zod.def as { readonly pattern?: RegExp }).pattern)
    .find((pattern) => pattern !== undefined);
}
