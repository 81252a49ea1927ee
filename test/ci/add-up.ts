/** Said of tests that were skipped because their data lies outside the repository. */
export const sharedSkip = "SKIPPED (no ../shared)";

/** Said of tests that were skipped because they run an older release, which a shallow clone lacks. */
export const historySkip = "SKIPPED (not in this clone)";

/** A test that reads such data has this in its name or in that of its `describe`. */
const sharedData = "../shared";

/** The parts of Vitest's JSON report that are read here. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    /** Why the file itself failed, as where a hook threw; empty where it did not. */
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

/** What one suite did. */
export interface SuiteCount {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Tests left out because their data is not there, which is no fault. */
  readonly withoutData: number;
  /** Tests left out because the clone has too little history, which is no fault either. */
  readonly withoutHistory: number;
  /** What makes the suite fail, a sentence each. */
  readonly faults: readonly string[];
}

/**
 * Counts one suite's report; no report at all means that the suite broke before it could write one. A suite
 * that ended badly although no test failed (`endedWell` is false) had an error outside of its tests, such as
 * a promise that nobody awaited, which the report doesn't show: it counts as one failure.
 */
export function countSuite(
  name: string,
  report: TestReport | undefined,
  endedWell: boolean,
): SuiteCount {
  if (report === undefined) {
    const none = { withoutData: 0, withoutHistory: 0 };
    return { name, passed: 0, failed: 1, ...none, faults: [`${name} left no report`] };
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
  const withoutHistory = skipped.filter(({ fullName }) => fullName.includes(historySkip)).length;
  const unexplained = skipped.filter(
    ({ fullName }) => !fullName.includes(sharedData) && !fullName.includes(historySkip),
  );
  const failedInTests = failedTests.length + brokenFiles.length;
  const failedOutside = !endedWell && failedInTests === 0 ? 1 : 0;
  const faults = [
    ...failedTests.map(
      ({ fullName, failureMessages }) =>
        `${name}: ${fullName} failed${reason(failureMessages?.join("\n"))}`,
    ),
    ...brokenFiles.map(
      (file) => `${name}: ${file.name} failed outside of its tests${reason(file.message)}`,
    ),
    ...unexplained.map(({ fullName }) => `${name}: ${fullName} was skipped`),
    ...(failedOutside > 0 ? [`${name} had an error outside of its tests`] : []),
    ...(passed === 0 ? [`${name} ran no test that passed`] : []),
  ];
  const failed = failedInTests + failedOutside;
  return { name, passed, failed, withoutData, withoutHistory, faults };
}

/** The first lines of a message, indented below what it explains; what broke only once must be told at once. */
function reason(message: string | undefined): string {
  const lines = (message ?? "").trim().split("\n").slice(0, reasonLinesMax);
  return lines.join("") === "" ? "" : `:\n${lines.map((line) => `    ${line}`).join("\n")}`;
}

const reasonLinesMax = 12;
