import { EntriesQuery } from "@tillcast/schemas";
import { describe, expect, test } from "vitest";
import { readEntriesSelection, writePlace } from "./entries-selection.ts";

describe("the place of a page", () => {
  test("comes back as it was handed out", () => {
    const place = { countedAtMs: 1_772_362_860_000, entryId: "00ff10" };
    const query = EntriesQuery.parse({ businessDate: "2026-03-01", cursor: writePlace(place) });
    expect(readEntriesSelection(query, "Europe/Berlin").after).toEqual(place);
  });

  test.each(["", "x", "MTIz", Buffer.from("1 zz").toString("base64url")])(
    "%o is none",
    (cursor) => {
      const query = EntriesQuery.parse({ businessDate: "2026-03-01", cursor });
      expect(() => readEntriesSelection(query, "Europe/Berlin")).toThrow(/cursor/);
    },
  );
});
