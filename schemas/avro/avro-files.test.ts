import { readdir, readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { MINOR_MAX } from "../money/index.ts";
import { long, minor, named } from "./annotations.ts";
import { logContracts } from "./avro-files.ts";
import { makeAvroCodec } from "./codec.ts";
import { valuesOf } from "./testing/values-of.ts";

const contracts = logContracts();

it("knows every shape that crosses the log, and keeps no file of one that is gone", async () => {
  const files = await readdir(new URL("./generated/", import.meta.url));
  expect(contracts.length).toBeGreaterThanOrEqual(6);
  expect(files.sort()).toEqual(
    contracts.map(({ file }) => file.pathname.split("/").at(-1) ?? "").sort(),
  );
});

describe.each(contracts)("$name", ({ zod, codec, file, text }) => {
  it("has its Avro schema committed as zod yields it (npm run avro:write)", async () => {
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it("comes back from its bytes as it went in, and zod accepts it", () => {
    fc.assert(
      fc.property(valuesOf(zod), (value) => {
        const decoded = codec.decode(codec.encode(value));
        expect(decoded).toEqual(value);
        expect(zod.parse(decoded)).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  it("is read from bytes of its own committed schema", async () => {
    const read = codec.decoderFor(JSON.parse(await readFile(file, "utf8")));
    fc.assert(
      fc.property(valuesOf(zod), (value) => {
        expect(read(codec.encode(value))).toEqual(value);
      }),
      { numRuns: 20 },
    );
  });

  it("refuses bytes that are cut short", () => {
    fc.assert(
      fc.property(valuesOf(zod), (value) => {
        const bytes = codec.encode(value);
        expect(() => codec.decode(bytes.subarray(0, bytes.length - 1))).toThrow();
      }),
      { numRuns: 20 },
    );
  });

  it("has a fingerprint that its schema decides", () => {
    expect(makeAvroCodec(zod).fingerprint).toEqual(codec.fingerprint);
  });
});

it("refuses an amount that Avro's bytes would change", () => {
  const type = makeAvroCodec(named("Amount", z.object({ amount: minor })));
  expect(type.decode(type.encode({ amount: -MINOR_MAX }))).toEqual({ amount: -MINOR_MAX });
  expect(() => type.encode({ amount: MINOR_MAX + 1n })).toThrow("is no Avro amount");
  expect(() => type.encode({ amount: -MINOR_MAX - 1n })).toThrow("is no Avro amount");
});

it("reads what an older schema wrote: a field that was added since is null, a plain number is money", () => {
  const now = makeAvroCodec(named("Row", z.object({ amount: minor, tip: minor.nullable() })));
  const older = makeAvroCodec(named("Row", z.object({ amount: minor })));
  const plain = makeAvroCodec(named("Row", z.object({ amount: long })));
  expect(now.decoderFor(older.schema)(older.encode({ amount: -7n }))).toEqual({
    amount: -7n,
    tip: null,
  });
  expect(now.decoderFor(plain.schema)(plain.encode({ amount: 9 }))).toEqual({
    amount: 9n,
    tip: null,
  });
});

it("tells the shapes apart by their fingerprints", () => {
  const fingerprints = contracts.map(({ codec }) => codec.fingerprint.toString("hex"));
  expect(new Set(fingerprints).size).toBe(contracts.length);
});
