import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { startTimescale } from "./start-timescale.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tillcast-restart-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

test("a killed server serves again at its address, with what was committed", async () => {
  const server = await startTimescale({ dataDir });
  const [url, pid] = [server.url, server.pid];
  try {
    await query(url, "create table kept as select 7 as seven");
    await server.kill("SIGKILL");
    await expect(query(url, "select seven from kept")).rejects.toThrow("ECONNREFUSED");
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(await query(url, "select seven from kept")).toEqual([{ seven: 7 }]);
  } finally {
    await server.stop();
  }
  expect(existsSync(`/proc/${server.pid}`)).toBe(false);
});

async function query(url: string, statement: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
