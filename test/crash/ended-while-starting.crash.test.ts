import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openScope } from "@tillcast/core";
import { afterAll, expect, test } from "vitest";
import { root } from "../house/sources.ts";
import { databaseOf } from "../support/process-tree.ts";
import { killAll } from "../support/processes.ts";

/** From before the database is made until the product listens, on a slow machine and on a quick one. */
const momentsMs = [150, 500, 900, 1_400, 2_000, 3_000, 4_500, 7_000];

const scope = openScope();
afterAll(() => scope.close());

/** A first start on an empty data folder, sent a signal after some time; answers what it left. */
async function endedStart(signal: "SIGTERM" | "SIGKILL", afterMs: number) {
  const dataDir = await mkdtemp(join(tmpdir(), "tillcast-starting-"));
  scope.defer(() => rm(dataDir, { recursive: true, force: true }));
  scope.defer(() => killAll(databaseOf(dataDir)));
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [join(root, "cli/main.ts"), "start"], {
    env: {
      PATH,
      HOME,
      TILLCAST_DATA_DIR: dataDir,
      TILLCAST_DEMO: "off",
      PORT: "0",
      OPERATIONS_PORT: "0",
    },
    stdio: "ignore",
  });
  const ended = once(child, "exit");
  await pause(afterMs);
  child.kill(signal);
  const [code] = (await ended) as [number | null];
  return { dataDir, code, files: await readdir(dataDir) };
}

const passwords = (files: readonly string[]) =>
  files.filter((name) => name.startsWith("postgres-password"));

test.each(momentsMs)(
  "a first start that is stopped after %i ms leaves nothing running",
  async (ms) => {
    const { dataDir, code, files } = await endedStart("SIGTERM", ms);
    // Before the product hears signals, the signal itself ends it.
    if (code !== null) expect(code).toBe(0);
    expect(databaseOf(dataDir)).toEqual([]);
    expect(passwords(files)).toEqual([]);
    expect(files).not.toContain("server.lock");
  },
);

test.each(momentsMs)("a first start that is killed after %i ms leaves no password", async (ms) => {
  const { files } = await endedStart("SIGKILL", ms);
  expect(passwords(files)).toEqual([]);
});
