import { fieldPath } from "@tillcast/schemas";
import type { Fault } from "./faults.ts";

// With the u flag a surrogate pair is one character, so only a lone surrogate matches.
const unstorable = /[\0\p{Surrogate}]/u;

/**
 * Finds text that no database column can store (a NUL, half of a surrogate pair), anywhere in an order. In the
 * log it would stop a partition for ever, so the order is rejected here.
 */
export function checkText(value: unknown, faults: Fault[]): void {
  visit(value, [], faults);
}

function visit(value: unknown, path: PropertyKey[], faults: Fault[]): void {
  if (typeof value === "string") {
    if (unstorable.test(value)) {
      faults.push({
        field: fieldPath(path),
        reason: "must not contain a NUL character or half of a surrogate pair",
      });
    }
    return;
  }
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at += 1) {
      path.push(at);
      visit(value[at], path, faults);
      path.pop();
    }
    return;
  }
  for (const name in value) {
    path.push(name);
    visit((value as Record<string, unknown>)[name], path, faults);
    path.pop();
  }
}
