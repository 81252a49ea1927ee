import { expect, it } from "vitest";
import { makeSetAsideLimit } from "./set-aside-limit.ts";

const place = { topic: "t", partition: 3, reason: "undecodable: cut short" };

it("lets a lone record be set aside, and the twentieth of the last hundred", () => {
  const share = makeSetAsideLimit(20, "ledger");
  for (let at = 0; at < 20; at += 1) {
    expect(share.refusal(place)).toBeUndefined();
    share.setAside();
  }
  expect(share.refusal(place)).toMatchObject({ code: "tooManySetAside", deterministic: false });
});

it("says how many of how many, where and why", () => {
  const share = makeSetAsideLimit(1, "ledger");
  share.settled(5);
  share.setAside();
  expect(share.refusal(place)?.message).toBe(
    "2 of the last 7 records of t/3 would be set aside for ledger, more than 1: undecodable: cut short; see docs/runbook.md.",
  );
});

it("forgets what lies more than a hundred records back", () => {
  const share = makeSetAsideLimit(1, "ledger");
  share.setAside();
  share.settled(98);
  expect(share.refusal(place)).toBeDefined();
  share.settled(1);
  expect(share.refusal(place)).toBeUndefined();
});

it("sets nothing aside where the limit is zero, and everything where it is a hundred", () => {
  expect(makeSetAsideLimit(0, "g").refusal(place)).toBeDefined();
  const all = makeSetAsideLimit(100, "g");
  for (let at = 0; at < 500; at += 1) {
    expect(all.refusal(place)).toBeUndefined();
    all.setAside();
  }
});
