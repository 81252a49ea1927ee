import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Encoding, readText } from "./read-text.ts";

/** What the file system hands over at once. */
const CHUNK_BYTES = 65_536;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tillcast-text-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function textOf(bytes: Buffer, encoding?: Encoding): Promise<string> {
  const path = join(folder, "file.csv");
  await writeFile(path, bytes);
  let text = "";
  for await (const piece of readText(path, encoding)) text += piece;
  return text;
}

test.each([1, 2, 3])("a letter cut after %i of its bytes by a chunk's end is whole", async (at) => {
  const text = `${"x".repeat(CHUNK_BYTES - at)}😀y`;
  expect(await textOf(Buffer.from(text))).toBe(text);
});

test.each([1, 2, 3])(
  "a byte at fault %i behind a chunk's end is named, with its line",
  async (at) => {
    const good = `${"x\n".repeat(CHUNK_BYTES / 2 - 1)}xx`;
    const bytes = Buffer.concat([
      Buffer.from(good.slice(0, CHUNK_BYTES - at)),
      Buffer.from([0xe2, 0x82]),
      Buffer.from("yyy\n"),
    ]);
    await expect(textOf(bytes)).rejects.toThrow(
      `file.csv is not UTF-8: line ${at === 3 ? CHUNK_BYTES / 2 - 1 : CHUNK_BYTES / 2} holds the byte 0xE2`,
    );
  },
);

test("a file that ends within a letter is refused", async () => {
  await expect(textOf(Buffer.from([0x61, 0x0a, 0xe2, 0x82]))).rejects.toThrow(
    "file.csv is not UTF-8: line 2 ends within a character",
  );
});

test("a mark at the beginning says more than an option, and is no part of the text", async () => {
  const marked = Buffer.from("\uFEFFé", "utf16le");
  expect(await textOf(marked, "windows-1252")).toBe("é");
  expect(await textOf(Buffer.from("é", "utf16le"), "utf-16")).toBe("é");
  expect(await textOf(Buffer.from("\uFEFFé"))).toBe("é");
  await expect(textOf(Buffer.concat([marked, Buffer.from([0x41])]))).rejects.toThrow("UTF-16LE");
});
