import { expect, test } from "vitest";
import { pathWithin } from "./path-within.ts";

test("signing in leads back to where one was, and never to another site", () => {
  expect(pathWithin("/stores/1?grain=hour")).toBe("/stores/1?grain=hour");
  for (const elsewhere of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "",
    undefined,
  ]) {
    expect(pathWithin(elsewhere)).toBe("/");
  }
});
