import { expect, test } from "vitest";
import { makeTenantShare } from "./tenant-share.ts";

function held() {
  let finish = () => {};
  const over = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { over, finish: () => finish() };
}

test("a tenant's further work waits for its turn, in order, and a neighbour's does not", async () => {
  const share = makeTenantShare({ atOnce: 2, waitingMax: 10, waitMs: 60_000 });
  const gate = held();
  const started: string[] = [];
  const work = (name: string) => async () => {
    started.push(name);
    await gate.over;
    return name;
  };
  const mine = ["a1", "a2", "a3", "a4"].map((name) => share.run("a", work(name)));
  const theirs = share.run("b", work("b1"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(started).toEqual(["a1", "a2", "b1"]);
  gate.finish();
  expect(await Promise.all([...mine, theirs])).toEqual(["a1", "a2", "a3", "a4", "b1"]);
  expect(started).toEqual(["a1", "a2", "b1", "a3", "a4"]);
});

test("work that fails gives its place back", async () => {
  const share = makeTenantShare({ atOnce: 1, waitingMax: 1, waitMs: 60_000 });
  const fail = share.run("a", () => Promise.reject(new Error("broken")));
  const next = share.run("a", async () => "done");
  await expect(fail).rejects.toThrow("broken");
  expect(await next).toBe("done");
});

test("too much that waits, and what waits too long, is refused by name", async () => {
  const share = makeTenantShare({ atOnce: 1, waitingMax: 1, waitMs: 20 });
  const gate = held();
  const first = share.run("a", () => gate.over);
  const second = share.run("a", async () => "second");
  await expect(share.run("a", async () => "third")).rejects.toMatchObject({ code: "overloaded" });
  await expect(second).rejects.toMatchObject({
    code: "overloaded",
    fields: { retryAfterSeconds: 1 },
  });
  gate.finish();
  await first;
  expect(await share.run("a", async () => "later")).toBe("later");
});
