import { expect, test } from "vitest";
import { everyFault } from "./kinds/every-fault.ts";
import { runFaults } from "./run/fault-run.ts";
import { showVerdict } from "./run/show-verdict.ts";

const seed = Number(process.env.TILLCAST_TEST_SEED ?? Date.now() % 1_000_000);
const wanted = process.env.FAULTS_ONLY?.split(",");

test("try", async () => {
  const faults = everyFault.filter((fault) =>
    wanted ? wanted.includes(fault.name) : fault.only !== "kafka",
  );
  const verdict = await runFaults({
    logKind: "postgres",
    seed,
    rounds: 1,
    ordersPerPhase: 150,
    faults,
  });
  showVerdict(verdict);
  expect(verdict.violations).toEqual([]);
});
