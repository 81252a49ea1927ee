import type { z } from "zod";

/** One reason why an order cannot be taken: the field as a path, such as `lines[0].gross`, and a sentence. */
export interface Fault {
  readonly field: string;
  readonly reason: string;
}

/** Most faults named for one order, so that an answer stays readable and bounded. */
export const FAULTS_MAX_COUNT = 50;

/** Writes a path as a reader would: `["lines", 0, "gross"]` is `lines[0].gross`. */
export function fieldPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else text += text === "" ? String(part) : `.${String(part)}`;
  }
  return text;
}

/** Every fault that the schema found, one for each unknown field too. */
export function faultsOf(error: z.ZodError): Fault[] {
  return limitFaults(
    error.issues.flatMap((issue): Fault[] => {
      if (issue.code === "unrecognized_keys") {
        return issue.keys.map((key) => ({
          field: fieldPath([...issue.path, key]),
          reason: "unknown field",
        }));
      }
      return [{ field: fieldPath(issue.path) || "order", reason: reasonOf(issue) }];
    }),
  );
}

/** Cuts a list of faults to its limit, and says so. */
export function limitFaults(faults: readonly Fault[]): Fault[] {
  if (faults.length <= FAULTS_MAX_COUNT) return [...faults];
  const kept = faults.slice(0, FAULTS_MAX_COUNT);
  const left = faults.length - FAULTS_MAX_COUNT;
  return [...kept, { field: "order", reason: `has ${left} more faults` }];
}

/** Faults in one line, for a log and for those who read tables. */
export function faultsText(faults: readonly Fault[]): string {
  return faults.map(({ field, reason }) => `${field}: ${reason}`).join("; ");
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_type" && issue.input === undefined) {
    return issue.message.includes("received undefined") ? "is missing" : issue.message;
  }
  return issue.message;
}
