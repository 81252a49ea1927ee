/** Builds the web app when its sources changed since the last build; else returns within milliseconds. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

const web = import.meta.dirname;
const schemas = join(web, "..", "schemas");
const dist = join(web, "dist");
const digestFile = join(dist, ".sources-digest");

/** Folders and files that the built page does not depend on. */
const ignored = /(^|\/)(dist|dist-types|node_modules|dev|migrations)(\/|$)|\.test\.ts$/;

/** One digest over the names and contents of everything that goes into the build. */
function digestSources(): string {
  const hash = createHash("sha256").update(process.versions.node);
  for (const folder of [web, schemas]) {
    for (const file of filesIn(folder)) {
      hash.update(`\0${relative(web, file)}\0`).update(readFileSync(file));
    }
  }
  return hash.digest("hex");
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => ({ entry, path: join(folder, entry.name) }))
    .filter(({ path }) => !ignored.test(relative(join(web, ".."), path).replaceAll("\\", "/")))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .flatMap(({ entry, path }) => (entry.isDirectory() ? filesIn(path) : [path]));
}

const digest = digestSources();
const isBuilt =
  existsSync(join(dist, "index.html")) &&
  existsSync(digestFile) &&
  readFileSync(digestFile, "utf8") === digest;
if (!isBuilt) {
  const startedAt = performance.now();
  const { build } = await import("vite");
  await build({ configFile: join(web, "vite.config.ts"), logLevel: "warn" });
  mkdirSync(dist, { recursive: true });
  writeFileSync(digestFile, digest);
  console.log(`Built the dashboard in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
}
