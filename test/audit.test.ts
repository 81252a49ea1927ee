/** Whatever changes something is written down: by every route, and by every command. */
import type { Command } from "commander";
import { expect, test } from "vitest";
import { buildProgram } from "../cli/build-program.ts";
import { filesBelow, sourcesOf } from "./house/sources.ts";

/** Routes that change something and write no audit, each with its reason. */
const unauditedRoutes: Readonly<Record<string, string>> = {
  "POST /v1/orders": "the log keeps every order with its feed; a row each would double them",
  "POST /v1/heartbeats": "a till says every minute that it is alive",
};

/** Commands that change nothing, or whose changes others write down, each with its reason. */
const readOnlyCommands: Readonly<Record<string, string>> = {
  "audit list": "shows",
  backtest: "opens no database",
  "dead-letters list": "shows",
  demo: "a server: its routes and jobs write down what they change",
  doctor: "looks, and changes nothing",
  "feed list": "shows",
  forecast: "a server",
  gateway: "a server",
  "inbox list": "shows",
  ingest: "a server",
  "key list": "shows",
  "orders conflicts": "shows",
  "orders parked": "shows",
  process: "a server",
  start: "a server",
  "store list": "shows",
  "tenant list": "shows",
  "user list": "shows",
  verify: "compares, and changes nothing",
};

const routeFiles = ["gateway/routes", "ingest/routes"]
  .flatMap(filesBelow)
  .filter((path) => !path.endsWith(".test.ts"));
const product = ["accounts", "core", "gateway", "ingest"].flatMap(sourcesOf);
const textOf = (path: string) => product.find((source) => source.path === path)?.text ?? "";

/** Each `app.post("/path", { ... config: { ... } ... }` of a file: its route and its config. */
function changingRoutesOf(text: string): { readonly route: string; readonly config: string }[] {
  const calls = text.matchAll(
    /\bapp\.(post|put|patch|delete)(?:<[^>]*>)?\(\s*"([^"]+)",\s*\{[\s\S]*?config: (\{[^}]*\})/g,
  );
  return [...calls].map(([, method = "", path = "", config = ""]) => ({
    route: `${method.toUpperCase()} ${path}`,
    config,
  }));
}

test("every route that changes something names the action under which it is written down", () => {
  const routes = routeFiles.flatMap((path) => changingRoutesOf(textOf(path)));
  const calls = routeFiles.flatMap((path) => [
    ...textOf(path).matchAll(/\b\w+\.(post|put|patch|delete|route|all)(<[^>]*>)?\(\s*["{]/g),
  ]);
  expect(routes.length).toBeGreaterThan(7);
  expect(routes.length, "a changing route is not of the form that is read here").toBe(calls.length);
  for (const { route, config } of routes) {
    const action = /audit: "([^"]+)"/.exec(config)?.[1];
    if (route in unauditedRoutes) expect(action, route).toBeUndefined();
    else expect(action, `${route} names no audit`).toBeDefined();
  }
  const known = new Set(routes.map(({ route }) => route));
  expect(Object.keys(unauditedRoutes).filter((route) => !known.has(route))).toEqual([]);
});

test("every action that a route names is written by the code that makes the change", () => {
  const actions = routeFiles
    .flatMap((path) => changingRoutesOf(textOf(path)))
    .flatMap(({ config }) => /audit: "([^"]+)"/.exec(config)?.[1] ?? []);
  const writers = product.filter(({ text }) => /\b(audited|writeAuditEvent)\(/.test(text));
  for (const action of actions) {
    const isWritten = writers.some(({ text }) =>
      new RegExp(`\\b(audited|writeAuditEvent)\\([^;]*?"${action}"`).test(text),
    );
    expect(isWritten, action).toBe(true);
  }
});

test("every command either changes nothing, and says why, or is run by `runChange`", async () => {
  const program = await buildProgram(undefined);
  const leaves = leavesOf(program);
  expect(leaves.length).toBeGreaterThan(40);
  const commands = sourcesOf("cli").filter(({ path }) => !path.endsWith(".test.ts"));
  const runs = (name: string, how: "runAction" | "runChange") =>
    commands.some(({ text }) => blockOf(text, name).includes(`${how}(`));
  for (const leaf of leaves) {
    const isRead = leaf in readOnlyCommands;
    expect(runs(leaf, "runChange"), `${leaf} is run by runChange`).toBe(!isRead);
  }
  expect(Object.keys(readOnlyCommands).filter((name) => !leaves.includes(name))).toEqual([]);
});

const leavesOf = (program: Command): string[] =>
  program.commands.flatMap((command) =>
    command.commands.length === 0
      ? [command.name()]
      : command.commands.map((sub) => `${command.name()} ${sub.name()}`),
  );

/** From where a file declares a command to its next one; a command's example tells of which group it is. */
function blockOf(text: string, name: string): string {
  const verb = name.split(" ").at(-1) ?? name;
  const at = new RegExp(`\\.command\\("${verb}\\b`).exec(text)?.index;
  if (at === undefined || !new RegExp(`\\b${name}\\b`).test(text)) return "";
  const rest = text.slice(at + 1);
  return rest.slice(0, /\.command\(/.exec(rest)?.index ?? rest.length);
}
