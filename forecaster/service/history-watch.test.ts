import { expect, test } from "vitest";
import { makeHistoryWatch } from "./history-watch.ts";

test("a history has settled when it stood still for a few looks, each history for itself", () => {
  const watch = makeHistoryWatch();
  const looks = [10, 20, 20, 20, 20, 20, 21].map((days) => watch("growing", days));
  expect(looks).toEqual([false, false, false, false, false, true, false]);
  expect([5, 5, 5, 5, 5].map((days) => watch("steady", days)).at(-1)).toBe(true);
});
