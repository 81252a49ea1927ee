import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { noteAddress, runningAddress } from "./own-address.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "tillcast-address-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

test("a command learns where the server listens for as long as it does", async () => {
  expect(await runningAddress(dataDir)).toBeUndefined();
  const takeBack = await noteAddress(dataDir, "http://127.0.0.1:8291");
  expect(await runningAddress(dataDir)).toBe("http://127.0.0.1:8291");
  await takeBack();
  expect(await runningAddress(dataDir)).toBeUndefined();
});

test("the note of a server that died leads nowhere, nor does one that is damaged", async () => {
  const note = (text: string) => writeFile(join(dataDir, "address.json"), text);
  await note(JSON.stringify({ address: "http://127.0.0.1:8291", pid: 2 ** 22 + 7 }));
  expect(await runningAddress(dataDir)).toBeUndefined();
  await note("{");
  expect(await runningAddress(dataDir)).toBeUndefined();
});

test("a folder that cannot be written does not keep a server from starting", async () => {
  const takeBack = await noteAddress(join(dataDir, "missing"), "http://127.0.0.1:8291");
  await takeBack();
});
