import { expect, test } from "vitest";
import { openScope } from "./lifecycle.ts";

test("what was opened last is closed first, once, however often one closes", async () => {
  const closed: string[] = [];
  const scope = openScope();
  scope.defer(() => void closed.push("pool"));
  scope.defer(async () => void closed.push("log"));
  scope.child().defer(() => void closed.push("server"));
  await Promise.all([scope.close(), scope.close()]);
  await scope.close();
  expect(closed).toEqual(["server", "log", "pool"]);
});

test("a release that fails does not keep the others open", async () => {
  const closed: string[] = [];
  const scope = openScope();
  scope.defer(() => void closed.push("pool"));
  scope.defer(() => Promise.reject(new Error("log")));
  scope.defer(() => {
    throw new Error("server");
  });
  await expect(scope.close()).rejects.toThrow("2 releases failed");
  expect(closed).toEqual(["pool"]);
});

test("what is opened after closing began is closed too", async () => {
  const closed: string[] = [];
  const scope = openScope();
  scope.defer(() => scope.defer(() => void closed.push("late")));
  await scope.close();
  scope.defer(() => void closed.push("later"));
  await scope.close();
  expect(closed).toEqual(["late", "later"]);
});
