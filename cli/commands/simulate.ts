import { type Command, Option } from "commander";
import { readId, readName, readWhole } from "../arguments.ts";
import { example, jsonOption } from "../run-action.ts";
import { runChange } from "../run-change.ts";
import { type SimulateOptions, simulate } from "../runtime/simulate.ts";

/** Three years: what the dashboards are made for. */
const weeksMax = 157;

export default function addSimulate(program: Command): void {
  program
    .command("simulate")
    .description(
      "let simulated stores trade for weeks of the past, through the real intake; returns when all is counted",
    )
    .option("--weeks <count>", "how many weeks up to now", readWhole(1, weeksMax), 8)
    .option("--seed <number>", "the same seed sells the same", readWhole(0, 2 ** 31 - 1), 2026)
    .addOption(
      new Option("--trouble <much>", "how much goes wrong")
        .choices(["none", "usual", "heavy"])
        .default("usual"),
    )
    .addOption(
      new Option("--stores <which>", "ordinary stores, those with awkward clocks and money, or all")
        .choices(["demo", "edge", "all"])
        .default("demo"),
    )
    .addOption(
      new Option("--tenant <id>", "a tenant to trade in; else a new one is made")
        .argParser(readId)
        .conflicts("tenantName"),
    )
    .option("--tenant-name <name>", "what the new tenant is called", readName)
    .addOption(jsonOption())
    .addHelpText("after", example("simulate --weeks 8 --trouble heavy --stores all"))
    .action((options: SimulateOptions, command: Command) =>
      runChange(command, (context) => simulate(options, context)),
    );
}
