import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** JavaScript that the first route may cost, compressed. */
export const FIRST_ROUTE_BYTES_MAX = 90_000;

/** The entry whose JavaScript counts, with everything that it and the live page import. */
const FIRST_PAGES: readonly RegExp[] = [/^index-.*\.js$/, /^StoreLive-.*\.js$/];

/** Compressed bytes of each script that the live page loads on a first visit, from a built `dist`. */
export function firstRouteSizes(dist: string): ReadonlyMap<string, number> {
  const assets = join(dist, "assets");
  const names = readdirSync(assets).filter((name) => name.endsWith(".js"));
  const sizes = new Map<string, number>();
  const waiting = names.filter((name) => FIRST_PAGES.some((pattern) => pattern.test(name)));
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (sizes.has(name)) continue;
    const source = readFileSync(join(assets, name));
    sizes.set(name, gzipSync(source).length);
    waiting.push(...staticImports(source.toString(), names));
  }
  return sizes;
}

/** Lazy pages are named in `import(...)`; only `from "./x.js"` and `import "./x.js"` load at once. */
function staticImports(source: string, names: readonly string[]): string[] {
  return names.filter((name) => new RegExp(`(from|import)\\s*["'\`]\\./${name}`).test(source));
}

if (import.meta.main) {
  const sizes = firstRouteSizes(join(import.meta.dirname, "dist"));
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  for (const [name, bytes] of sizes)
    console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${name}`);
  console.log(
    `${(total / 1000).toFixed(1).padStart(7)} kB  in all, of ${FIRST_ROUTE_BYTES_MAX / 1000}`,
  );
  if (total > FIRST_ROUTE_BYTES_MAX || sizes.size === 0) process.exitCode = 1;
}
