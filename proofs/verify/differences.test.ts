import { describe, expect, it } from "vitest";
import {
  addToRow,
  compareRows,
  compareTexts,
  differencesNamedMax,
  makeDifferences,
  type Texts,
} from "./differences.ts";

describe("the differences", () => {
  it("are all counted, and the first of them are named", () => {
    const differences = makeDifferences();
    for (let index = 0; index <= differencesNamedMax; index += 1) {
      differences.add({ table: "t", key: String(index), expected: {}, found: {} });
    }
    expect(differences.count).toBe(differencesNamedMax + 1);
    expect(differences.named).toHaveLength(differencesNamedMax);
    expect(differences.named.at(-1)?.key).toBe(String(differencesNamedMax - 1));
  });
});

type Amounts = Readonly<Record<string, bigint>>;

function compared(
  expected: Readonly<Record<string, Amounts>>,
  found: Readonly<Record<string, Amounts>>,
  texts: Texts = {},
  foundTexts: Texts = {},
) {
  const differences = makeDifferences();
  const rows = Object.entries(found).map(
    ([key, amounts]) => [key, { amounts, texts: foundTexts }] as const,
  );
  compareRows("t", new Map(Object.entries(expected)), new Map(rows), differences, texts);
  return differences.named;
}

describe("rows", () => {
  it("are equal amount by amount", () => {
    expect(compared({ a: { net: 5n, tax: 1n } }, { a: { net: 5n, tax: 1n } })).toEqual([]);
  });

  it("differ in the columns that are named, and in no other", () => {
    expect(compared({ a: { net: 5n, tax: 1n } }, { a: { net: 6n, tax: 1n } })).toEqual([
      { table: "t", key: "a", expected: { net: "5" }, found: { net: "6" } },
    ]);
  });

  it("that are missing equal rows of zeros, on either side", () => {
    expect(compared({ a: { net: 0n } }, {})).toEqual([]);
    expect(compared({}, { a: { net: 0n } })).toEqual([]);
    expect(compared({ a: { net: 2n } }, {})).toEqual([
      { table: "t", key: "a", expected: { net: "2" }, found: { net: "0" } },
    ]);
    expect(compared({}, { b: { net: 2n } })).toEqual([
      { table: "t", key: "b", expected: { net: "0" }, found: { net: "2" } },
    ]);
  });

  it("that are there must say whose they are, even with zeros; those that are missing need not", () => {
    const [mine, other] = [{ tenant_id: "mine" }, { tenant_id: "other" }];
    expect(compared({ a: { net: 1n } }, { a: { net: 1n } }, mine, mine)).toEqual([]);
    expect(compared({}, { a: { net: 0n } }, mine, other)).toEqual([
      { table: "t", key: "a", expected: mine, found: other },
    ]);
    expect(compared({ a: { net: 0n } }, {}, mine)).toEqual([]);
  });

  it("add up under one key", () => {
    const rows = new Map<string, Record<string, bigint>>();
    addToRow(rows, "a", { net: 2n });
    addToRow(rows, "a", { net: 3n, tax: 1n });
    addToRow(rows, "b", { net: 7n });
    expect([...rows]).toEqual([
      ["a", { net: 5n, tax: 1n }],
      ["b", { net: 7n }],
    ]);
  });
});

describe("texts", () => {
  it("that one side has not are absent there", () => {
    const differences = makeDifferences();
    compareTexts("t", "k", { a: "1", b: "2" }, { b: "2", c: "3" }, differences);
    compareTexts("t", "k", { a: "1" }, { a: "1" }, differences);
    expect(differences.named).toEqual([
      {
        table: "t",
        key: "k",
        expected: { a: "1", c: "absent" },
        found: { a: "absent", c: "3" },
      },
    ]);
  });
});
