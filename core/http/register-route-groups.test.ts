import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { silentLogger } from "../logging.ts";
import { makeMetrics } from "../telemetry.ts";
import { buildHttpServer } from "./build-http-server.ts";
import type { HttpServer } from "./http-server.ts";
import { registerRouteGroups } from "./register-route-groups.ts";

let folder: string;
let app: HttpServer;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tillcast-routes-"));
  app = buildHttpServer({ log: silentLogger, metrics: makeMetrics() });
});
afterEach(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(folder, name), text);
const register = () =>
  registerRouteGroups(app, pathToFileURL(`${folder}/`), { greeting: "good day" });

test("a new file in the folder is a new route group, and its hooks touch no other", async () => {
  await write(
    "hello.ts",
    "export default (app, deps) => { app.get('/hello', { config: { access: 'public', limit: 'page' } }, async () => deps.greeting); };",
  );
  await write(
    "closed.ts",
    `export default async (app) => {
       app.addHook("onRequest", async (_, reply) => reply.code(401).send("closed"));
       app.get("/closed", { config: { access: "public", limit: "page" } }, async () => "open");
     };`,
  );
  await write("hello.test.ts", "throw new Error('tests are no routes');");
  await register();
  expect((await app.inject("/hello")).body).toBe("good day");
  expect((await app.inject("/closed")).statusCode).toBe(401);
});

test("a file without a group, and a folder without files, are named", async () => {
  await expect(register()).rejects.toThrow(`no route groups in ${folder}`);
  await write("notes.ts", "export const notes = 1;");
  await expect(register()).rejects.toThrow("route group notes.ts has no function");
});
