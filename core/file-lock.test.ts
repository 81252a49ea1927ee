import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withFileLock } from "./file-lock.ts";
import { identityOf, isAlive, ownIdentity } from "./process-identity.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tillcast-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("only one holds the lock at a time, and it is gone afterwards", async () => {
  let holders = 0;
  const most: number[] = [];
  const work = async () => {
    holders += 1;
    most.push(holders);
    await pause(3);
    holders -= 1;
  };
  const path = join(folder, "lock");
  await Promise.all(
    Array.from({ length: 8 }, () => withFileLock(path, { timeoutMs: 5_000 }, work)),
  );
  expect(Math.max(...most)).toBe(1);
  expect(most).toHaveLength(8);
  expect(await readdir(folder)).toEqual([]);
});

test("many that find a dead holder's lock still come one by one", async () => {
  const path = join(folder, "lock");
  await writeFile(path, JSON.stringify({ pid: 2 ** 22 + 5, startedAt: "before", token: "dead" }));
  let holders = 0;
  const work = async () => {
    holders += 1;
    expect(holders).toBe(1);
    await pause(3);
    holders -= 1;
  };
  await Promise.all(
    Array.from({ length: 8 }, () => withFileLock(path, { timeoutMs: 5_000 }, work)),
  );
});

test.each(["", '{"pid": 1'])("a lock that a power cut left as %j blocks nobody", async (left) => {
  const path = join(folder, "lock");
  await writeFile(path, left);
  let holders = 0;
  const work = async () => {
    holders += 1;
    expect(holders).toBe(1);
    await pause(3);
    holders -= 1;
  };
  await Promise.all(
    Array.from({ length: 8 }, () => withFileLock(path, { timeoutMs: 5_000 }, work)),
  );
});

test("a lock held for too long is named with its holder", async () => {
  const path = join(folder, "lock");
  await withFileLock(path, { timeoutMs: 0 }, async () => {
    const second = withFileLock(path, { timeoutMs: 60 }, async () => undefined);
    await expect(second).rejects.toThrow(`held by process ${process.pid}`);
  });
});

test("a process number used again is another process", () => {
  const self = ownIdentity();
  expect(isAlive(self)).toBe(true);
  expect(isAlive({ ...self, startedAt: "another boot/1" })).toBe(false);
  expect(identityOf(2 ** 22 + 5)).toBeUndefined();
});
