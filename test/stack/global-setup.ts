import { openScope } from "@tillcast/core";
import type { TestProject } from "vitest/node";
import { startStack } from "./start-stack.ts";

/** Starts the servers once for all stack tests; the answer stops them. */
export default async function setUpStack(project: TestProject): Promise<() => Promise<void>> {
  const scope = openScope();
  try {
    project.provide("stack", await startStack(scope));
  } catch (error) {
    await scope.close();
    throw error;
  }
  return () => scope.close();
}
