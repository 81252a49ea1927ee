import { failPointNames } from "@tillcast/core";
import type { Verdict } from "./fault-run.ts";

/** Prints what a run did and found, as one table. */
export function showVerdict(verdict: Verdict): void {
  const { options, balance, answers, faults, failPoints, freshMaxMs, tookMs, violations } = verdict;
  const rows: [string, string | number][] = [
    ...options.faults.map(({ name }): [string, number] => [`fault: ${name}`, faults[name] ?? 0]),
    ...failPointNames.map((name): [string, number] => [`at ${name}`, failPoints.get(name) ?? 0]),
    ...Object.entries(answers).map(([name, count]): [string, number] => [`answer ${name}`, count]),
    ["orders sent", balance.sent],
    ["counted", balance.counted],
    ["parked", balance.parked],
    ["rejected", balance.rejected],
    ["dead-lettered", balance.deadLettered],
    ["lost", balance.lost],
    ["counted twice", balance.twice],
    ["violations", violations.length],
    ["FIGURE fresh again, longest (ms)", Math.round(freshMaxMs)],
    ["took (s)", Math.round(tookMs / 1_000)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
  console.log([`fault run on ${options.logKind}, seed ${options.seed}`, ...lines].join("\n"));
}
