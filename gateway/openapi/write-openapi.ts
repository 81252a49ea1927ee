/**
 * Writes the API's document to `docs/openapi.json` and its types to `schemas/generated/api.ts`.
 *
 * Run it after a route or a shape changed: `node gateway/openapi/write-openapi.ts`
 */
import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describeApi } from "./api-document.ts";
import { apiFiles, apiRouteFolders, typesOf } from "./api-files.ts";

const document = await describeApi(apiRouteFolders);
await writeFile(apiFiles.document, `${JSON.stringify(document, null, 2)}\n`);
await mkdir(new URL("./", apiFiles.types), { recursive: true });
await writeFile(apiFiles.types, await typesOf(document));
const biome = fileURLToPath(new URL("../../node_modules/.bin/biome", import.meta.url));
execFileSync(biome, ["format", "--write", fileURLToPath(apiFiles.document)], { stdio: "ignore" });
