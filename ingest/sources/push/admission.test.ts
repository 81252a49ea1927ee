import { AppError } from "@tillcast/core";
import { expect, test } from "vitest";
import { makeAdmission } from "./admission.ts";

function faultOf(act: () => unknown): AppError {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

test("one key's allowance is used up and comes back with time, while others go on", () => {
  let nowMs = 0;
  const limits = { inFlightOrdersMax: 1_000, keyOrdersPerSecond: 400 };
  const admission = makeAdmission(limits, () => nowMs);
  admission.enter("a", 500)();
  admission.enter("a", 300)();
  const fault = faultOf(() => admission.enter("a", 500));
  expect(fault).toMatchObject({ code: "tooManyRequests", fields: { retryAfterSeconds: 2 } });
  admission.enter("b", 500)();
  nowMs = 1_250;
  admission.enter("a", 500)();
  expect(faultOf(() => admission.enter("a", 1)).code).toBe("tooManyRequests");
});

test("what is inside is bounded, is given back once, and one large request still gets in", () => {
  const admission = makeAdmission({ inFlightOrdersMax: 100, keyOrdersPerSecond: 10_000 });
  const leave = admission.enter("a", 500);
  expect(faultOf(() => admission.enter("b", 1)).code).toBe("overloaded");
  leave();
  leave();
  expect(admission.inFlight()).toBe(0);
  admission.enter("b", 60);
  expect(faultOf(() => admission.enter("b", 60)).code).toBe("overloaded");
});

test("the largest push is let in under the lowest limit, once its allowance has grown again", () => {
  let nowMs = 0;
  const limits = { inFlightOrdersMax: 1_000, keyOrdersPerSecond: 1 };
  const admission = makeAdmission(limits, () => nowMs);
  for (let pushes = 0; pushes < 3; pushes += 1) {
    admission.enter("a", 500)();
    const fault = faultOf(() => admission.enter("a", 500));
    expect(fault.fields.retryAfterSeconds).toBe(500);
    nowMs += 500_000;
  }
});
