import { deflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { firstFileOfZip } from "./zip.ts";

/** Packs one file the way a zip program does, with an extra field that only the local header has. */
function zipOf(
  content: Buffer,
  options: { method: 0 | 8; flags?: number; comment?: string },
): Buffer {
  const name = Buffer.from("visits.csv");
  const packed = options.method === 8 ? deflateRawSync(content) : content;
  const extra = Buffer.alloc(9);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  local.writeUInt16LE(extra.length, 28);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(options.flags ?? 0, 8);
  entry.writeUInt16LE(options.method, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt16LE(name.length, 28);
  const comment = Buffer.from(options.comment ?? "");
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(local.length + name.length + extra.length + packed.length, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([local, name, extra, packed, entry, name, end, comment]);
}

test("stored and deflated files are read whole, a comment behind them or not", () => {
  const content = Buffer.from("store,date,guests\n".repeat(500));
  for (const method of [0, 8] as const) {
    for (const comment of ["", "made by hand"]) {
      expect(firstFileOfZip(zipOf(content, { method, comment })).equals(content)).toBe(true);
    }
  }
});

test("what is encrypted or no zip is refused", () => {
  const content = Buffer.from("secret");
  expect(() => firstFileOfZip(zipOf(content, { method: 8, flags: 1 }))).toThrow("encrypted");
  expect(() => firstFileOfZip(Buffer.alloc(100))).toThrow("no zip");
});
