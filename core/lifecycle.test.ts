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

test("what is opened while closing is closed before close resolves, also when something failed", async () => {
  const closed: string[] = [];
  const scope = openScope();
  scope.defer(() => {
    scope.defer(async () => {
      await Promise.resolve();
      closed.push("late");
    });
    throw new Error("log");
  });
  await expect(scope.close()).rejects.toThrow("log");
  expect(closed).toEqual(["late"]);
  scope.defer(() => void closed.push("later"));
  await expect(scope.close()).rejects.toThrow("log");
  expect(closed).toEqual(["late", "later"]);
});

test("the fault of a late release is told by the next close and ends nothing", async () => {
  const scope = openScope();
  await scope.close();
  scope.defer(() => Promise.reject(new Error("late")));
  await new Promise((resolve) => setTimeout(resolve, 5));
  await expect(scope.close()).rejects.toThrow("late");
});
