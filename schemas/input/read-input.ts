import type { z } from "zod";
import { cutText, plainReason } from "./plain-reason.ts";

/** One reason why an input cannot be taken: the field as a path, such as `lines[0].gross`, and a sentence. */
export interface InputFault {
  readonly field: string;
  readonly reason: string;
}

/** An input that its schema takes, or every fault that it finds. */
export type ReadInput<Value> =
  | { readonly data: Value }
  | { readonly faults: readonly InputFault[] };

/** Most unknown fields of one object that are named; nobody means a thousand fields. */
const UNKNOWN_MAX_COUNT = 50;

/**
 * Reads an input by its schema. Every door's faults are worded here, so that a missing field is called
 * missing, types have plain names and no answer repeats more of a value than a person can read.
 *
 * @example
 * readInput(z.object({ qty: z.number() }), {}); // { faults: [{ field: "qty", reason: "is missing" }] }
 */
export function readInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): ReadInput<z.output<Schema>> {
  const read = schema.safeParse(input, { error: plainReason });
  if (read.success) return { data: read.data };
  return { faults: read.error.issues.flatMap((issue) => faultsOfIssue(issue, input)) };
}

/** Writes a path as a reader would: `["lines", 0, "gross"]` is `lines[0].gross`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? cutText(String(part)) : `.${cutText(String(part))}`;
  }
  return text;
}

function faultsOfIssue(issue: z.core.$ZodIssue, input: unknown): InputFault[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.slice(0, UNKNOWN_MAX_COUNT).map((key) => ({
      field: fieldPath([...issue.path, key]),
      reason: "unknown field",
    }));
  }
  // Whatever a schema says of a wrong value, of none there is one thing to say.
  const isMissing = issue.code !== "custom" && valueAt(input, issue.path) === undefined;
  return [{ field: fieldPath(issue.path), reason: isMissing ? "is missing" : issue.message }];
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}
