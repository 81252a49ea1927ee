import { AppError, makeManualClock } from "@tillcast/core";
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
  const clock = makeManualClock(0);
  const admission = makeAdmission({ inFlightOrdersMax: 1_000, keyOrdersPerSecond: 100 }, clock);
  admission.enter("a", 200)();
  const fault = faultOf(() => admission.enter("a", 150));
  expect(fault).toMatchObject({ code: "tooManyRequests", fields: { retryAfterSeconds: 2 } });
  admission.enter("b", 200)();
  clock.advance(1_500);
  admission.enter("a", 150)();
});

test("what is inside is bounded, is given back once, and one large request still gets in", () => {
  const clock = makeManualClock(0);
  const admission = makeAdmission({ inFlightOrdersMax: 100, keyOrdersPerSecond: 10_000 }, clock);
  const leave = admission.enter("a", 500);
  expect(faultOf(() => admission.enter("b", 1)).code).toBe("overloaded");
  leave();
  leave();
  expect(admission.inFlight()).toBe(0);
  admission.enter("b", 60);
  expect(faultOf(() => admission.enter("b", 60)).code).toBe("overloaded");
});

test("a clock that goes back takes no allowance away", () => {
  const clock = makeManualClock(100_000);
  const limits = { inFlightOrdersMax: 1_000, keyOrdersPerSecond: 100 };
  const admission = makeAdmission(limits, clock);
  admission.enter("a", 50)();
  clock.advance(-60_000);
  admission.enter("a", 150)();
  expect(faultOf(() => admission.enter("a", 1)).code).toBe("tooManyRequests");
  clock.advance(1_000);
  admission.enter("a", 100)();
});
