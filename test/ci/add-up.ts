/** Said of tests that were skipped because their data lies outside the repository. */
export const sharedSkip = "SKIPPED (no ../shared)";

/** A test that reads such data has this in its name or in that of its `describe`. */
const sharedData = "../shared";

/** The parts of Vitest's JSON report that are read here. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/** What one suite did. */
export interface SuiteCount {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Tests left out because their data is not there, which is no fault. */
  readonly withoutData: number;
  /** What makes the suite fail, a sentence each. */
  readonly faults: readonly string[];
}

/** Counts one suite's report; no report at all means that the suite broke before it could write one. */
export function countSuite(name: string, report: TestReport | undefined): SuiteCount {
  if (report === undefined) {
    return { name, passed: 0, failed: 1, withoutData: 0, faults: [`${name} left no report`] };
  }
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === "passed").length;
  const failedTests = tests.filter(({ status }) => status === "failed");
  // A file that could not be loaded has failed without a test to show for it.
  const brokenFiles = report.testResults.filter(
    (file) =>
      file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"),
  );
  const skipped = tests.filter(({ status }) => status !== "passed" && status !== "failed");
  const withoutData = skipped.filter(({ fullName }) => fullName.includes(sharedData)).length;
  const unexplained = skipped.filter(({ fullName }) => !fullName.includes(sharedData));
  const faults = [
    ...failedTests.map(({ fullName }) => `${name}: ${fullName} failed`),
    ...brokenFiles.map((file) => `${name}: ${file.name} could not be run`),
    ...unexplained.map(({ fullName }) => `${name}: ${fullName} was skipped`),
    ...(passed === 0 ? [`${name} ran no test that passed`] : []),
  ];
  const failed = failedTests.length + brokenFiles.length;
  return { name, passed, failed, withoutData, faults };
}
