import type { Command } from "commander";
import { example } from "../run-action.ts";
import { serveAlone } from "../runtime/serve-alone.ts";

export default function addProcess(program: Command): void {
  program
    .command("process")
    .description(
      "count what the log holds: ledger, totals, feeds; any number of them, on DATABASE_URL",
    )
    .addHelpText("after", example("process"))
    .action(() => serveAlone("process"));
}
