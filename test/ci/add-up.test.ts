import { describe, expect, it } from "vitest";
import { countSuite, historySkip, type TestReport } from "./add-up.ts";

const report = (...tests: readonly (readonly [string, string])[]): TestReport => ({
  testResults: [
    {
      name: "a.test.ts",
      status: tests.some(([, status]) => status === "failed") ? "failed" : "passed",
      assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
    },
  ],
});

describe("a suite's count", () => {
  it("is what passed and failed", () => {
    const count = countSuite("unit", report(["one", "passed"], ["two", "failed"]), true);
    expect(count).toMatchObject({ passed: 1, failed: 1, faults: ["unit: two failed"] });
  });

  it("is at fault when a test was skipped", () => {
    const count = countSuite("unit", report(["one", "passed"], ["two", "pending"]), true);
    expect(count.faults).toEqual(["unit: two was skipped"]);
  });

  it("forgives a test whose data lies outside the repository", () => {
    const skipped = "real files of ../shared: the pizza year sums to the cent";
    const count = countSuite("unit", report(["one", "passed"], [skipped, "skipped"]), true);
    expect(count).toMatchObject({ passed: 1, failed: 0, withoutData: 1, faults: [] });
  });

  it("forgives a test that runs a release of which a shallow clone knows nothing", () => {
    const skipped = `from the release before: ${historySkip}`;
    const count = countSuite("crash", report(["one", "passed"], [skipped, "skipped"]), true);
    expect(count).toMatchObject({ passed: 1, failed: 0, withoutHistory: 1, faults: [] });
  });

  it("is at fault when no test ran", () => {
    expect(countSuite("unit", { testResults: [] }, true).faults).toEqual([
      "unit ran no test that passed",
    ]);
    expect(countSuite("unit", report(["all of ../shared", "skipped"]), true).faults).toHaveLength(
      1,
    );
  });

  it("counts a file that could not be loaded, and a suite without a report, as failed", () => {
    const broken: TestReport = {
      testResults: [{ name: "b.test.ts", status: "failed", assertionResults: [] }],
    };
    expect(countSuite("unit", broken, false)).toMatchObject({ passed: 0, failed: 1 });
    expect(countSuite("unit", undefined, false)).toMatchObject({ passed: 0, failed: 1 });
  });

  it("says why, for what happened once and is not seen again", () => {
    const told: TestReport = {
      testResults: [
        {
          name: "c.test.ts",
          status: "failed",
          message: "Error: the hook broke\n  at c.test.ts:3",
          assertionResults: [{ fullName: "one", status: "passed" }],
        },
        {
          name: "d.test.ts",
          status: "failed",
          assertionResults: [
            { fullName: "two", status: "failed", failureMessages: ["Error: 4 is not 5"] },
          ],
        },
      ],
    };
    expect(countSuite("unit", told, false).faults).toEqual([
      "unit: two failed:\n    Error: 4 is not 5",
      "unit: c.test.ts failed outside of its tests:\n    Error: the hook broke\n      at c.test.ts:3",
    ]);
  });

  it("is at fault when it ended badly though no test failed, and counts a failed test once", () => {
    expect(countSuite("unit", report(["one", "passed"]), false)).toMatchObject({
      passed: 1,
      failed: 1,
      faults: ["unit had an error outside of its tests"],
    });
    expect(countSuite("unit", report(["one", "failed"]), false)).toMatchObject({ failed: 1 });
  });
});
