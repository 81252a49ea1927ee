import type { Command } from "commander";
import { example } from "../run-action.ts";
import { serve } from "../runtime/serve.ts";

export default function addStart(program: Command): void {
  program
    .command("start")
    .description(
      "run everything in one process: database, intake, processors, forecaster, dashboard",
    )
    .addHelpText("after", example("start"))
    .action(() => serve());
}
