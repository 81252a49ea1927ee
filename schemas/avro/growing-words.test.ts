import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { orderSnapshotCodec } from "../orders/order-snapshot.ts";
import { growing, named } from "./annotations.ts";
import { logContracts } from "./avro-files.ts";
import { type AvroCodec, makeAvroCodec } from "./codec.ts";
import { nextSchema } from "./testing/next-schema.ts";
import { valuesOf } from "./testing/values-of.ts";

const contracts = logContracts();

/** Words that decide what a record means; a schema with a new one makes its records wait. */
const structural = [
  ...["OrderSource", "OrderKind", "OrderStatus", "PaymentStatus", "RefundStatus"],
  ...["BusinessDateOrigin", "TaxMode", "CountedWhen", "Numbering", "NameDecision"],
];

describe.each(contracts)("$name", ({ name, zod, codec }) => {
  it("says of each list of words whether it can grow", () => {
    const enums = enumsOf(codec.schema);
    const fixed = enums.filter((one) => one.default === undefined).map((one) => one.name);
    expect(fixed.toSorted()).toEqual(name === "OrderSnapshotV1" ? structural.toSorted() : []);
  });

  it("is read from a next release's records, which have a word and a field more in every place", () => {
    const next = nextSchema(codec.schema);
    const read = codec.decoderFor(next.schema);
    fc.assert(
      fc.property(valuesOf(zod), (value) => {
        expect(read(next.encode(value))).toEqual(value);
        // Every describing word is the new one, and reads as the fallback; nothing else is touched.
        expect(read(next.encode(next.withNewWords(value)))).toEqual(next.withFallbacks(value));
      }),
      { numRuns: 50 },
    );
  });

  it("reads what the release before wrote, and writes it", async () => {
    const { frozen } = codec;
    if (frozen === undefined) {
      // Its shape has not changed: its name is that of the first schema that its topic had.
      expect(name).toBe("ForecastIssuedV1");
      return;
    }
    const read = codec.decoderFor(frozen.schema);
    fc.assert(
      fc.property(valuesOf(zod), (value) => {
        const before = withoutNewParts(codec, value);
        expect(read(frozen.encode(before))).toEqual(before);
      }),
      { numRuns: 100 },
    );
  });
});

interface EnumSchema {
  readonly name: string;
  readonly symbols: readonly string[];
  readonly default?: string;
}

function enumsOf(schema: unknown): EnumSchema[] {
  if (Array.isArray(schema)) return schema.flatMap(enumsOf);
  if (typeof schema !== "object" || schema === null) return [];
  if ((schema as { type?: unknown }).type === "enum") return [schema as EnumSchema];
  return Object.values(schema).flatMap(enumsOf);
}

const anyValue = (zod: z.ZodType) => fc.sample(valuesOf(zod), { numRuns: 1, seed: 7 })[0];

/** The value with its newer parts set to null, and its newer words to the first. */
function withoutNewParts(codec: AvroCodec<unknown>, value: unknown): unknown {
  const kept = structuredClone(value) as Record<string, unknown>;
  for (const { place, isWord } of codec.frozen?.lostParts(value) ?? []) {
    const names = place.split(".");
    const last = names.pop() as string;
    const parent = names.reduce<Record<string, unknown>>(
      (part, name) => part[name] as Record<string, unknown>,
      kept,
    );
    parent[last] = isWord ? (place === "source" ? "push" : "no_sales") : null;
  }
  return kept;
}

describe("a word that is not known", () => {
  const words = (list: readonly [string, ...string[]], fallback?: string) =>
    makeAvroCodec(
      named(
        "Row",
        z.object({
          word: (fallback === undefined
            ? named("Word", z.enum(list))
            : growing("Word", z.enum(list), fallback)
          ).nullable(),
        }),
      ),
    );

  it("reads as the fallback, also where it may be null", () => {
    const now = words(["a", "other"], "other");
    const later = words(["a", "other", "b"], "other");
    const read = now.decoderFor(later.schema);
    expect(["a", "b", "other", null].map((word) => read(later.encode({ word })))).toEqual(
      ["a", "other", "other", null].map((word) => ({ word })),
    );
  });

  it("makes the schema unreadable where it has none", () => {
    expect(() => words(["a"]).decoderFor(words(["a", "b"]).schema)).toThrow("cannot read");
  });
});

it("names what an order cannot say in the shape of the release before, and only what a sum depends on", async () => {
  const { frozen } = orderSnapshotCodec;
  const text = await readFile(new URL("./frozen/order-snapshot-v1.avsc", import.meta.url), "utf8");
  expect(frozen?.schema).toEqual(JSON.parse(text));
  const order = withoutNewParts(orderSnapshotCodec, anyValue(orderZod())) as Parameters<
    typeof orderSnapshotCodec.encode
  >[0];
  const field = (change: Partial<typeof order>) =>
    frozen?.unwritable({ ...order, ...change })?.place;
  expect(field({})).toBeUndefined();
  expect(field({ numbering: "unknown" })).toBeUndefined();
  expect(field({ numbering: "unique" })).toBeUndefined();
  expect(field({ numbering: "per_day" })).toBe("numbering");
  expect(field({ source: "shopify" })).toBe("source");
  expect(field({ orderTax: 1n })).toBe("orderTax");
  expect(field({ numberSpace: "3" })).toBe("numberSpace");
});

const orderZod = () => contracts.find(({ name }) => name === "OrderSnapshotV1")?.zod as z.ZodType;
