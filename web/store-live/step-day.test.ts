import { expect, test } from "vitest";
import { stepDay } from "./step-day.ts";

test("days are stepped through up to today, over the ends of months and years", () => {
  expect(stepDay("2016-01-01", -1, "2026-11-21")).toBe("2015-12-31");
  expect(stepDay("2024-02-28", 1, "2026-11-21")).toBe("2024-02-29");
  expect(stepDay("2026-11-20", 1, "2026-11-21")).toBe("2026-11-21");
  expect(stepDay("2026-11-21", 1, "2026-11-21")).toBeUndefined();
  expect(stepDay("2000-01-01", -1, "2026-11-21")).toBeUndefined();
  expect(stepDay("yesterday", -1, "2026-11-21")).toBeUndefined();
});
