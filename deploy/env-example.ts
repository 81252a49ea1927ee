import { existsSync } from "node:fs";
import { describeSettings, type SettingsDefinition } from "@tillcast/core";

/** Where settings are defined; the installation's own come first. */
const definitionFiles = [
  "cli/settings.ts",
  "cli/edge-settings.ts",
  "cli/event-log-settings.ts",
  "ingest/config.ts",
  "stream-processors/config.ts",
  "proofs/config.ts",
  "forecaster/config.ts",
  "gateway/config.ts",
];

const heading =
  "# Settings come from the environment, or from a copy of this file named .env where Tillcast starts. A name behind a # has no default and may be absent. Settings that hold a secret may come from a file instead: NAME_FILE=path (docs/running.md).";

/** `.env.example`, written anew by `npm run env:write`. */
export const envExampleFile: URL = new URL("../.env.example", import.meta.url);

/** The text of `.env.example`: every setting of every service with its sentence and its default. */
export async function envExample(): Promise<string> {
  const definitions: SettingsDefinition[] = [];
  for (const file of definitionFiles) {
    const url = new URL(`../${file}`, import.meta.url);
    if (!existsSync(url)) throw new Error(`${file} is gone; name its successor here.`);
    const found = Object.values((await import(url.href)) as object).filter(isDefinition);
    if (found.length === 0) throw new Error(`${file} defines no settings.`);
    definitions.push(...found);
  }
  return `${heading}\n\n${describeSettings(...definitions)}`;
}

function isDefinition(value: unknown): value is SettingsDefinition {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).length > 0 &&
    Object.values(value).every(
      (row: unknown) =>
        typeof row === "object" && row !== null && "schema" in row && "description" in row,
    )
  );
}
