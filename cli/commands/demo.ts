import type { Command } from "commander";
import { readNumber } from "../arguments.ts";
import { example } from "../run-action.ts";
import { serve } from "../runtime/serve.ts";

/** At this speed a store's year passes in nine hours; the intake refuses what lies further ahead. */
const speedMax = 1_000;

export default function addDemo(program: Command): void {
  program
    .command("demo")
    .description(
      "as start, with the demo tenant whatever TILLCAST_DEMO says, and its stores as fast as you like",
    )
    .option(
      "--speed <factor>",
      "how much faster than real time the stores trade; above 1 they run ahead into the future",
      readNumber(1, speedMax),
      1,
    )
    .addHelpText("after", example("demo --speed 60"))
    .action(({ speed }: { speed: number }) => serve({ demo: "on", speed }));
}
