import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makePrivateFolder } from "./private-folder.ts";

let base: string;
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), "tillcast-private-"));
});
afterEach(() => rm(base, { recursive: true }));

test("a new folder is its owner's, and in no repository", async () => {
  const folder = join(base, "a", "b");
  await makePrivateFolder(folder);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect(await readFile(join(folder, ".gitignore"), "utf8")).toBe("*\n");
});

test("an empty folder that was there is in no repository either", async () => {
  const folder = join(base, "made by hand");
  await mkdir(folder);
  await makePrivateFolder(folder);
  expect(await readdir(folder)).toEqual([".gitignore"]);
});

test("a folder that holds files is left as it is", async () => {
  await writeFile(join(base, "notes"), "mine");
  await makePrivateFolder(base);
  expect(await readdir(base)).toEqual(["notes"]);
});
