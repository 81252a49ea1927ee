import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServerSettings } from "../database/embedded/cluster.ts";
import { connectOrStart, type EmbeddedServer } from "../database/embedded/embedded-server.ts";
import { silentLogger } from "../logging.ts";

/** Tests lose nothing of value in a crash of the machine, so they need not wait for the disk. */
export const testSettings: ServerSettings = {
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  max_connections: "300",
  shared_buffers: "128MB",
  max_wal_size: "1GB",
};

/** One folder per user and version of this set-up. */
export const sharedServerDirectory: string = join(
  tmpdir(),
  `tillcast-test-${userInfo().uid}-${createHash("sha256").update(JSON.stringify(testSettings)).digest("hex").slice(0, 8)}`,
);

/**
 * The one server of all test runs on this machine. It is never stopped by a test: a reaper process
 * stops it, and deletes its files, when no test has used it for a while.
 */
export async function joinSharedServer(): Promise<EmbeddedServer> {
  await mkdir(sharedServerDirectory, { recursive: true, mode: 0o755 });
  const server = await connectOrStart({
    dataDir: sharedServerDirectory,
    log: silentLogger,
    settings: testSettings,
  });
  startReaper();
  return server;
}

/** The reaper ends by itself at once when another is at work already. */
function startReaper(): void {
  const script = fileURLToPath(new URL("./reaper.ts", import.meta.url));
  const child = spawn(process.execPath, ["--no-warnings", script], {
    detached: true,
    stdio: "ignore",
    cwd: "/",
    env: { TMPDIR: tmpdir() },
  });
  child.on("error", () => undefined);
  child.unref();
}
