/**
 * Stops the shared test server once no test process has lived for a while, also when the test run was
 * killed. Started by every test process; all but one end at once.
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connectOrStart } from "../database/embedded/embedded-server.ts";
import { readServerFile } from "../database/embedded/server-file.ts";
import { withFileLock } from "../file-lock.ts";
import { silentLogger } from "../logging.ts";
import { identityOf } from "../process-identity.ts";
import { sharedServerDirectory, testSettings } from "./shared-server.ts";
import { dropLeftOvers } from "./test-databases.ts";

const pollMs = 5_000;
/** Long enough that a developer's next run finds the server warm. */
const idleMaxMs = 60_000;

const serverFile = join(sharedServerDirectory, "server.json");
const isAlive = (pid: number) => identityOf(pid) !== undefined;

async function reap(): Promise<void> {
  const server = await connectOrStart({
    dataDir: sharedServerDirectory,
    log: silentLogger,
    settings: testSettings,
    beforeLastStop: (superuserUrl) => dropLeftOvers(superuserUrl, "all", isAlive),
  });
  while (Date.now() - (await lastUseMs()) < idleMaxMs) {
    await pause(pollMs);
    await dropLeftOvers(server.superuserUrl, "of the dead", isAlive);
  }
  await server.stop();
}

/** Now while another uses the server, else when one last joined, which writes the file. */
async function lastUseMs(): Promise<number> {
  const file = await readServerFile(serverFile);
  if (file?.users.some((user) => user.pid !== process.pid)) return Date.now();
  return (await stat(serverFile)).mtimeMs;
}

async function reapUntilUnused(): Promise<void> {
  do await reap();
  while (((await readServerFile(serverFile))?.users ?? []).length > 0);
}

// One that finds the lock taken has nothing to do.
await withFileLock(
  join(sharedServerDirectory, "reaper.lock"),
  { timeoutMs: 0 },
  reapUntilUnused,
).catch(() => undefined);
