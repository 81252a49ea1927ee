import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe } from "vitest";
import { sharedSkip } from "../ci/add-up.ts";

/** Real shops' orders; they lie beside the repository where its developers have them. */
export const sharedData: string = fileURLToPath(new URL("../../../shared/data/", import.meta.url));

/** `describe` for tests that read `../shared/data`; without it they are skipped, plainly said. */
export function describeWithSharedData(name: string, tests: () => void): void {
  if (existsSync(sharedData)) describe(name, tests);
  else {
    console.log(`${sharedSkip}: ${name}`);
    describe.skip(`${sharedSkip}: ${name}`, tests);
  }
}
