import type { z } from "zod";

/** Most characters of a value that an answer repeats: enough to find it, too few to flood a log with. */
export const SHOWN_MAX_LENGTH = 80;

/** A value as an answer repeats it: text in quotes, cut at `SHOWN_MAX_LENGTH` characters. */
export function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(cutText(value));
  if (typeof value === "object" && value !== null)
    return Array.isArray(value) ? "a list" : "an object";
  return cutText(String(value));
}

/** Text cut at `SHOWN_MAX_LENGTH` characters, with an ellipsis where it was longer. */
export function cutText(text: string): string {
  if (text.length <= SHOWN_MAX_LENGTH) return text;
  // A cut may part a surrogate pair, whose half no answer could carry.
  return `${text.slice(0, SHOWN_MAX_LENGTH).toWellFormed()}…`;
}

/**
 * What is wrong with an input where its schema has no words of its own, in words for those who have never
 * seen the schema. Values are shown only where a word or a form is wrong: a password never is.
 */
export const plainReason: z.core.$ZodErrorMap = (issue) => {
  switch (issue.code) {
    case "invalid_type":
      return `must be ${typeName(issue.expected)}; got ${typeOf(issue.input)}`;
    case "invalid_value":
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}; got ${shown(issue.input)}`
        : `must be one of ${issue.values.map(String).join(", ")}; got ${shown(issue.input)}`;
    case "invalid_union":
      return unionReason(issue.errors, issue.input);
    case "invalid_format":
      return `must be ${formatNames[issue.format] ?? "in the right form"}; got ${shown(issue.input)}`;
    case "too_big":
      return `must ${bound("most", issue.origin, issue.maximum)}${sizeOf(issue.input)}`;
    case "too_small":
      if (issue.minimum === 1 && isSized(issue.origin)) return "must not be empty";
      return `must ${bound("least", issue.origin, issue.minimum)}${sizeOf(issue.input)}`;
    default:
      return undefined;
  }
};

const typeNames: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

const formatNames: Readonly<Record<string, string>> = {
  date: "a date, such as 2026-11-21",
  datetime: "an instant with its offset, such as 2026-11-21T19:30:00Z",
  email: "an email address",
  guid: "an id, such as 0b8ff7a2-4a3b-4c55-9d0e-0f2a3c1d5e6f",
  uuid: "an id, such as 0b8ff7a2-4a3b-4c55-9d0e-0f2a3c1d5e6f",
};

const typeName = (expected: string): string => typeNames[expected] ?? expected;

function typeOf(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  if (Number.isNaN(input)) return "no number";
  return typeName(typeof input);
}

/** The types that a union takes; where they are taken and something inside is wrong, only that. */
function unionReason(branches: readonly (readonly z.core.$ZodIssue[])[], input: unknown): string {
  const expected = branches.flatMap(([first]) =>
    first?.code === "invalid_type" && first.path.length === 0 ? [typeName(first.expected)] : [],
  );
  if (expected.length === 0) return "has none of the forms that are taken here";
  return `must be ${[...new Set(expected)].join(" or ")}; got ${typeOf(input)}`;
}

const isSized = (origin: string): boolean => origin === "string" || origin === "array";

function bound(side: "most" | "least", origin: string, limit: number | bigint): string {
  if (origin === "string") return `have at ${side} ${limit} characters`;
  if (origin === "array") return `have at ${side} ${limit} entries`;
  return `be at ${side} ${limit}`;
}

function sizeOf(input: unknown): string {
  if (typeof input === "string" || Array.isArray(input)) return `; got ${input.length}`;
  return typeof input === "number" || typeof input === "bigint" ? `; got ${input}` : "";
}
