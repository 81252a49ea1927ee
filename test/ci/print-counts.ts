/**
 * Adds up the suites' reports: `node print-counts.ts <folder> <suite>... [-- <failed step>...]`. The last
 * line is the count of all; the exit code is 0 only when every suite ran and nothing failed.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { countSuite, historySkip, sharedSkip, type TestReport } from "./add-up.ts";

const [folder = ".", ...rest] = process.argv.slice(2);
const split = rest.includes("--") ? rest.indexOf("--") : rest.length;
const suites = rest.slice(0, split);
const failedSteps = rest.slice(split + 1);

const counts = suites.map((suite) =>
  countSuite(suite, readReport(suite), !failedSteps.includes(suite)),
);
for (const { name, passed, failed, withoutData, withoutHistory } of counts) {
  const left = withoutData === 0 ? "" : `, ${withoutData} ${sharedSkip}`;
  const older = withoutHistory === 0 ? "" : `, ${withoutHistory} ${historySkip}`;
  console.log(`${name}: ${passed} ok, ${failed} not${left}${older}`);
}
for (const fault of counts.flatMap(({ faults }) => faults)) console.log(`FAULT ${fault}`);
// A suite's own failure is in its count; any other step counts as one.
const otherSteps = failedSteps.filter((step) => !suites.includes(step));
for (const step of otherSteps) console.log(`FAULT ${step} failed`);

const sum = (pick: (count: (typeof counts)[number]) => number) =>
  counts.reduce((total, count) => total + pick(count), 0);
const isGood = failedSteps.length === 0 && counts.every(({ faults }) => faults.length === 0);
console.log(
  `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed) + otherSteps.length} failed`,
);
process.exitCode = isGood ? 0 : 1;

function readReport(suite: string): TestReport | undefined {
  const file = join(folder, `${suite}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as TestReport) : undefined;
}
