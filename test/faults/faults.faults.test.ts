import { failPointNames } from "@tillcast/core";
import { describe, expect, test } from "vitest";
import { faultsOf, shareOf } from "./kinds/every-fault.ts";
import { runFaults } from "./run/fault-run.ts";
import { readRunSettings } from "./run/run-settings.ts";
import { showVerdict } from "./run/show-verdict.ts";

const settings = readRunSettings(process.env);

describe.each(settings.logKinds)("on the %s log", (logKind) => {
  test.each(settings.seeds)(
    "every acknowledged order counts exactly once, to the cent, whatever breaks (seed %i)",
    async (seed) => {
      const { rounds, ordersCount, isShared } = settings;
      const possible = faultsOf(logKind, settings.only);
      const faults = isShared ? shareOf(possible, logKind, seed) : possible;
      const ordersPerPhase = Math.ceil(ordersCount / (possible.length * rounds));
      const verdict = await runFaults({ logKind, seed, rounds, ordersPerPhase, faults });
      showVerdict(verdict);
      expect(verdict.violations).toEqual([]);
      for (const { name } of faults) expect(verdict.faults[name], name).toBe(rounds);
      for (const name of failPointNames) {
        expect(verdict.failPoints.get(name) ?? 0, name).toBeGreaterThanOrEqual(rounds);
      }
    },
  );
});
