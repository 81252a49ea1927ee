/**
 * Stops the shared test server once no test process has lived for a while, also when the test run was
 * killed. Started by every test process; all but one end at once.
 */
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connectOrStart, readServerFile } from "../database/embedded/index.ts";
import { withFileLock } from "../file-lock.ts";
import { silentLogger } from "../logging.ts";
import { identityOf } from "../process-identity.ts";
import { sharedServerDirectory, testSettings } from "./shared-server.ts";
import { dropLeftOvers } from "./test-databases.ts";

const pollMs = 5_000;
/** Long enough that a developer's next run finds the server warm. */
const idleMaxMs = 60_000;

async function reap(): Promise<void> {
  const server = await connectOrStart({
    dataDir: sharedServerDirectory,
    log: silentLogger,
    settings: testSettings,
  });
  const isAlive = (pid: number) => identityOf(pid) !== undefined;
  let idleSinceMs = performance.now();
  while (performance.now() - idleSinceMs < idleMaxMs) {
    await pause(pollMs);
    const file = await readServerFile(join(sharedServerDirectory, "server.json"));
    if (file?.users.some((user) => user.pid !== process.pid)) idleSinceMs = performance.now();
    await dropLeftOvers(server.superuserUrl, "of the dead", isAlive);
  }
  await dropLeftOvers(server.superuserUrl, "all", isAlive);
  await server.stop();
}

// One that finds the lock taken has nothing to do.
await withFileLock(join(sharedServerDirectory, "reaper.lock"), { timeoutMs: 0 }, reap).catch(
  () => undefined,
);
