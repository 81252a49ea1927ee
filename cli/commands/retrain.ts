import type { Command } from "commander";
import { readId } from "../arguments.ts";
import { example, jsonOption } from "../run-action.ts";
import { runChange } from "../run-change.ts";
import { retrain } from "../runtime/retrain.ts";

export default function addRetrain(program: Command): void {
  program
    .command("retrain")
    .description("train the forecast's network anew and forecast every store with it")
    .option("--tenant <id>", "only this tenant's stores; else every tenant's", readId)
    .addOption(jsonOption())
    .addHelpText("after", example("retrain"))
    .action((options: { tenant?: string }, command: Command) =>
      runChange(command, (context) => retrain(options.tenant, context)),
    );
}
