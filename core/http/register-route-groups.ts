import { readdir } from "node:fs/promises";
import type { HttpServer } from "./http-server.ts";

/** A file of a `routes/` folder: its default export adds routes. */
export type RouteGroup<Deps> = (app: HttpServer, deps: Deps) => void | Promise<void>;

/**
 * Registers every route group of a folder, in name order, each in a context of its own, so that a new
 * group is a new file and its hooks touch no other group.
 *
 * @example
 * await registerRouteGroups(app, new URL("./routes/", import.meta.url), deps);
 */
export async function registerRouteGroups<Deps>(
  app: HttpServer,
  directoryUrl: URL,
  deps: Deps,
): Promise<void> {
  const names = (await readdir(directoryUrl)).filter(isRouteGroup).sort();
  if (names.length === 0) throw new Error(`no route groups in ${directoryUrl.pathname}`);
  for (const name of names) {
    const module = (await import(new URL(name, directoryUrl).href)) as { default?: unknown };
    if (typeof module.default !== "function") {
      throw new Error(`route group ${name} has no function as its default export`);
    }
    const group = module.default as RouteGroup<Deps>;
    await app.register(async (scope) => {
      await group(scope as unknown as HttpServer, deps);
    });
  }
}

function isRouteGroup(name: string): boolean {
  return name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.endsWith(".d.ts");
}
