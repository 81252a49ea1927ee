import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { silentLogger as log } from "../../logging.ts";
import { connectOrStart, startEmbeddedPostgres } from "./embedded-server.ts";
import { findPostmaster, stopPostmaster } from "./postmaster.ts";

const isRoot = process.getuid?.() === 0;
const script = fileURLToPath(new URL("../../testing/embedded-process.ts", import.meta.url));

let dataDir: string;
let children: ChildProcess[];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tillcast-embedded-"));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  const left = findPostmaster(clusterOf(dataDir));
  if (left !== undefined) await stopPostmaster(left);
  await rm(dataDir, { recursive: true, force: true });
});

function clusterOf(directory: string): string {
  const record = join(directory, "postgres-location");
  return existsSync(record) ? readFileSync(record, "utf8").trim() : join(directory, "postgres");
}

/** Starts another process on the data directory, and waits until it has the server. */
async function otherProcess(directory: string, user?: { uid: number; gid: number }) {
  const child = spawn(process.execPath, ["--no-warnings", script, directory], {
    ...user,
    cwd: "/",
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, ...(JSON.parse(line) as { url: string; adopted: boolean }) };
}

async function query(url: string, text: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function ended(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  const exit = once(child, "exit");
  child.kill(signal);
  await exit;
}

test("data survives a stop, the port and the password stay, and a later start is quick", async () => {
  const first = await startEmbeddedPostgres({ dataDir, log });
  await query(first.url, "create table kept (n integer); insert into kept values (7)");
  await first.stop();
  await first.stop();
  expect(findPostmaster(clusterOf(dataDir))).toBeUndefined();
  expect(existsSync(join(dataDir, "server.json"))).toBe(false);

  const startedMs = performance.now();
  const second = await startEmbeddedPostgres({ dataDir, log });
  expect(performance.now() - startedMs).toBeLessThan(3_000);
  expect(second.adopted).toBe(false);
  expect(second.url).toBe(first.url);
  expect(await query(second.url, "select n from kept")).toEqual([{ n: 7 }]);
  await second.stop();
});

test("it listens on loopback only, asks for a password, is durable, and the product is no superuser", async () => {
  const server = await connectOrStart({ dataDir, log });
  const settings = await query(
    server.url,
    `select name, setting from pg_settings where name in
       ('listen_addresses', 'fsync', 'synchronous_commit', 'server_encoding', 'jit') order by name`,
  );
  expect(Object.fromEntries(settings.map((row) => [row.name, row.setting]))).toEqual({
    fsync: "on",
    jit: "off",
    listen_addresses: "127.0.0.1",
    server_encoding: "UTF8",
    synchronous_commit: "on",
  });
  expect(
    await query(server.url, "select rolsuper from pg_roles where rolname = current_user"),
  ).toEqual([{ rolsuper: false }]);
  const wrong = new URL(server.url);
  wrong.password = "wrong";
  await expect(query(wrong.href, "select 1")).rejects.toThrow(/password authentication failed/);
  expect((await stat(join(dataDir, "postgres-secret"))).mode & 0o777).toBe(0o600);
  expect((await stat(join(dataDir, "server.json"))).mode & 0o777).toBe(0o600);
  await server.stop();
});

test("a server whose process was killed is adopted with its data", async () => {
  const killed = await otherProcess(dataDir);
  await query(killed.url, "create table kept as select 1 as n");
  await ended(killed.child, "SIGKILL");
  expect(findPostmaster(clusterOf(dataDir))).toBeDefined();

  const next = await startEmbeddedPostgres({ dataDir, log });
  expect(next.adopted).toBe(true);
  expect(await query(next.url, "select n from kept")).toEqual([{ n: 1 }]);
  await next.stop();
  expect(findPostmaster(clusterOf(dataDir))).toBeUndefined();
});

test("a secret that is gone is named, and nothing is made in its place", async () => {
  const first = await connectOrStart({ dataDir, log });
  await first.stop();
  const secretFile = join(dataDir, "postgres-secret");
  const secret = await readFile(secretFile, "utf8");
  await rm(secretFile);
  await expect(connectOrStart({ dataDir, log })).rejects.toThrow("postgres-secret is missing");
  expect(existsSync(secretFile)).toBe(false);
  await writeFile(secretFile, "");
  await expect(connectOrStart({ dataDir, log })).rejects.toThrow("postgres-secret is missing");
  await writeFile(secretFile, secret);
  await (await connectOrStart({ dataDir, log })).stop();
});

test("a data folder is private, and what is in it goes into no repository", async () => {
  const folder = join(dataDir, "sales");
  const server = await connectOrStart({ dataDir: folder, log });
  expect((await stat(folder)).mode & 0o007).toBe(0);
  expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("*\n");
  await server.stop();
  const left = findPostmaster(clusterOf(folder));
  expect(left).toBeUndefined();
});

test("a data folder that cannot be made is named, with the setting", async () => {
  const file = join(dataDir, "file");
  await writeFile(file, "");
  const start = connectOrStart({ dataDir: join(file, "data"), log });
  await expect(start).rejects.toThrow(/cannot be written.*TILLCAST_DATA_DIR/);
});

test("an orphan with other settings is started anew with the present ones", async () => {
  const killed = await otherProcess(dataDir);
  await ended(killed.child, "SIGKILL");
  const next = await connectOrStart({ dataDir, log, settings: { work_mem: "8MB" } });
  expect(next.adopted).toBe(false);
  expect(await query(next.url, "show work_mem")).toEqual([{ work_mem: "8MB" }]);
  await next.stop();
});

test("two that start at once share one server, and the last to leave stops it", async () => {
  const [one, two] = await Promise.all([otherProcess(dataDir), connectOrStart({ dataDir, log })]);
  expect(one.url).toBe(two.url);
  expect([one.adopted, two.adopted].sort()).toEqual([false, true]);
  await ended(one.child, "SIGTERM");
  expect(await query(two.url, "select 1 as n")).toEqual([{ n: 1 }]);
  await two.stop();
  expect(findPostmaster(clusterOf(dataDir))).toBeUndefined();
});

test("a server that is killed is started again on its port, with what was committed", async () => {
  const server = await startEmbeddedPostgres({ dataDir, log });
  await query(server.url, "create table kept as select 1 as n");
  const postmaster = findPostmaster(clusterOf(dataDir));
  process.kill(postmaster?.process.pid ?? 0, "SIGKILL");
  await vi.waitFor(
    async () => expect(await query(server.url, "select n from kept")).toEqual([{ n: 1 }]),
    { timeout: 20_000, interval: 200 },
  );
  await server.stop();
});

test("a stale pid file that names a foreign process neither stops the start nor harms that process", async () => {
  const first = await connectOrStart({ dataDir, log });
  await first.stop();
  const bystander = spawn("sleep", ["60"], { cwd: "/" });
  children.push(bystander);
  const lines = [bystander.pid, clusterOf(dataDir), 0, 1, "", "", "", "ready   "];
  await writeFile(join(clusterOf(dataDir), "postmaster.pid"), `${lines.join("\n")}\n`);
  const second = await connectOrStart({ dataDir, log });
  expect(await query(second.url, "select 1 as n")).toEqual([{ n: 1 }]);
  await second.stop();
  expect(bystander.exitCode).toBeNull();
  expect(bystander.signalCode).toBeNull();
});

test("a remembered port that is taken meanwhile is replaced", async () => {
  const first = await connectOrStart({ dataDir, log });
  await first.stop();
  const port = Number(new URL(first.url).port);
  const squatter = createServer().listen(port, "127.0.0.1");
  await once(squatter, "listening");
  const second = await connectOrStart({ dataDir, log });
  expect(new URL(second.url).port).not.toBe(String(port));
  await second.stop();
  squatter.close();
});

test("a start that fails says what PostgreSQL said", async () => {
  const settings = { shared_buffers: "lots" };
  await expect(connectOrStart({ dataDir, log, settings })).rejects.toThrow(/shared_buffers/);
});

test.runIf(isRoot)(
  "as root, a private data directory opens to the postgres user alone",
  async () => {
    const server = await connectOrStart({ dataDir, log });
    await server.stop();
    expect((await stat(dataDir)).mode & 0o777).toBe(0o710);
    expect(existsSync(join(dataDir, "postgres", "PG_VERSION"))).toBe(true);
  },
);

test.runIf(isRoot)(
  "as root, a data directory that postgres cannot enter is served from elsewhere",
  async () => {
    await mkdir(join(dataDir, "closed"), { mode: 0o700 });
    const inner = join(dataDir, "closed", "data");
    const server = await connectOrStart({ dataDir: inner, log });
    await query(server.url, "create table kept as select 1 as n");
    await server.stop();
    const elsewhere = (await readFile(join(inner, "postgres-location"), "utf8")).trim();
    expect(elsewhere).toMatch(/^\/var\/lib\/tillcast\/data-/);
    const again = await connectOrStart({ dataDir: inner, log });
    expect(await query(again.url, "select n from kept")).toEqual([{ n: 1 }]);
    await again.stop();
    await rm(join(elsewhere, ".."), { recursive: true });
  },
);

test.runIf(isRoot)("as another user it starts, is killed and is adopted all the same", async () => {
  const nobody = { uid: 65_534, gid: 65_534 };
  await chmod(dataDir, 0o755);
  const own = join(dataDir, "own");
  await mkdir(own);
  await chmod(own, 0o777);
  const killed = await otherProcess(own, nobody);
  await query(killed.url, "create table kept as select 1 as n");
  await ended(killed.child, "SIGKILL");
  const next = await otherProcess(own, nobody);
  expect(next.adopted).toBe(true);
  expect(await query(next.url, "select n from kept")).toEqual([{ n: 1 }]);
  await ended(next.child, "SIGTERM");
  expect(findPostmaster(clusterOf(own))).toBeUndefined();
});
