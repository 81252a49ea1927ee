import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { faultsOf } from "../kinds/every-fault.ts";
import { runFaults } from "../run/fault-run.ts";
import { readRunSettings } from "../run/run-settings.ts";
import { guards } from "./guards.ts";
import { copyWithout } from "./unguarded-copy.ts";

const [seed = 1] = readRunSettings(process.env).seeds;
/** Rounds until something must have been found. */
const roundsMax = 8;

test.each(guards)("without the $name the fault run turns red", async (guard) => {
  const root = copyWithout(guard);
  try {
    const faults = faultsOf("postgres", guard.faults);
    expect(faults).toHaveLength(guard.faults.length);
    const verdict = await runFaults({
      logKind: "postgres",
      seed,
      rounds: roundsMax,
      ordersPerPhase: 150,
      faults,
      failPoints: guard.failPoints,
      root,
      stallMaxMs: 30_000,
      stopsAtFirst: true,
    });
    const [first = "nothing"] = verdict.violations;
    console.log(
      `FIGURE without the ${guard.name}: ${verdict.violations.length} found, first: ${first}`,
    );
    expect(verdict.violations.join("\n")).toMatch(/: (lost|twice|cents): /);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
