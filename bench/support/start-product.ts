import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeLogger, type Scope } from "@tillcast/core";
import { readServerFile } from "@tillcast/core/database";
import { startServers } from "./start-servers.ts";
import { askedWorld } from "./world.ts";

/** The product as one process tree, and where its database is. */
export interface BenchProduct {
  readonly address: string;
  readonly url: string;
}

const mainFile = fileURLToPath(new URL("../../cli/main.ts", import.meta.url));
const startTimeoutMs = 120_000;

/** Starts the product on the world that the command line asks for; the scope stops it. */
export async function startProduct(scope: Scope): Promise<BenchProduct> {
  const dataDir = mkdtempSync(join(tmpdir(), "tillcast-bench-"));
  scope.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  if (askedWorld() === "embedded") {
    const address = await listening(scope, { TILLCAST_DATA_DIR: dataDir });
    const server = await readServerFile(join(dataDir, "server.json"));
    return { address, url: server?.url ?? "" };
  }
  const log = makeLogger({ level: "error", name: "bench" });
  const { env, url } = await startServers(scope, "stack", log);
  const address = await listening(scope, {
    ...env,
    TILLCAST_DATA_DIR: dataDir,
    DATABASE_URL: url,
    TILLCAST_SECRET_KEY: randomBytes(32).toString("base64url"),
  });
  return { address, url };
}

async function listening(scope: Scope, env: Readonly<Record<string, string>>): Promise<string> {
  const flags = ["--max-semi-space-size=16", mainFile, "start"];
  const child = spawn(process.execPath, flags, {
    env: { ...process.env, PORT: "0", OPERATIONS_PORT: "0", TILLCAST_DEMO: "off", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  scope.defer(() => ended(child));
  return new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("The product did not start.")), startTimeoutMs);
    child.stdout.on("data", (text: Buffer) => {
      const found = /listens on (http:\S+)/.exec(String(text));
      if (found?.[1] === undefined) return;
      clearTimeout(timer);
      resolve(found[1]);
    });
  });
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.on("exit", () => resolve());
    child.kill("SIGTERM");
  });
}
