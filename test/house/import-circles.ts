import { join } from "node:path";
import { importsOf, type Source } from "./sources.ts";

/** One file's path and the paths of the files that it imports. */
type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Every circle of imports among sources, each as the files of one strongly connected group, sorted. */
export function importCircles(sources: readonly Source[]): readonly (readonly string[])[] {
  const paths = new Set(sources.map(({ path }) => path));
  const graph = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => importedPath(source, specifier, paths))
        .filter((path) => path !== undefined),
    ]),
  );
  return connectedGroups(graph)
    .filter((group) => group.length > 1 || graph.get(group[0] ?? "")?.includes(group[0] ?? ""))
    .map((group) => [...group].sort());
}

/** The file that a relative import names; the web app's imports may leave out the ending. */
function importedPath(
  source: Source,
  specifier: string,
  paths: ReadonlySet<string>,
): string | undefined {
  const target = join(source.path, "..", specifier.replace(/\?.*$/, ""));
  const names = [target, `${target}.ts`, `${target}.tsx`, `${target}/index.ts`];
  return names.find((name) => paths.has(name));
}

/** Tarjan's algorithm: files that reach one another are one group. */
function connectedGroups(graph: ImportGraph): string[][] {
  const order = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];

  function visit(path: string): number {
    const at = order.size;
    order.set(path, at);
    let low = at;
    stack.push(path);
    for (const next of graph.get(path) ?? []) {
      if (!order.has(next)) low = Math.min(low, visit(next));
      else if (stack.includes(next)) low = Math.min(low, order.get(next) ?? at);
    }
    if (low === at) groups.push(stack.splice(stack.indexOf(path)));
    return low;
  }

  for (const path of graph.keys()) if (!order.has(path)) visit(path);
  return groups;
}
