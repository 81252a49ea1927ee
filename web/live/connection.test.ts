import fc from "fast-check";
import { expect, test } from "vitest";
import { type ConnectionEvent, type ConnectionState, nextConnection } from "./connection.ts";

const events: readonly ConnectionEvent[] = [
  "connected",
  "caughtUp",
  "behind",
  "lost",
  "failed",
  "refused",
];
const after = (...happened: ConnectionEvent[]) =>
  happened.reduce<ConnectionState>(nextConnection, "connecting");

test("a page is live only after it connected and caught up", () => {
  expect(after("connected")).toBe("catchingUp");
  expect(after("connected", "caughtUp")).toBe("live");
  expect(after("caughtUp")).toBe("connecting");
});

test("a missed update is caught up with, and a lost line connects again", () => {
  expect(after("connected", "caughtUp", "behind")).toBe("catchingUp");
  expect(after("connected", "caughtUp", "lost")).toBe("connecting");
  expect(after("connected", "caughtUp", "lost", "failed")).toBe("offline");
  expect(after("failed", "connected", "caughtUp")).toBe("live");
});

test("one who is refused is not told that the server is away, until it is", () => {
  expect(after("refused")).toBe("refused");
  expect(after("refused", "lost")).toBe("refused");
  expect(after("refused", "failed")).toBe("offline");
  expect(after("refused", "connected", "caughtUp")).toBe("live");
});

test("whatever happened, the page never says live without a connection since the last loss", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events)), (happened) => {
      const ends = ["lost", "failed", "refused"] as const;
      const cut = Math.max(...ends.map((end) => happened.lastIndexOf(end)));
      const since = happened.slice(cut + 1);
      if (after(...happened) === "live") expect(since).toContain("connected");
    }),
  );
});
