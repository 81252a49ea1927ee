import type { Command } from "commander";
import { example } from "../run-action.ts";
import { serveAlone } from "../runtime/serve-alone.ts";

export default function addGateway(program: Command): void {
  program
    .command("gateway")
    .description(
      "serve the dashboard, REST and the live connection; any number of them, on DATABASE_URL",
    )
    .addHelpText("after", example("gateway"))
    .action(() => serveAlone("gateway"));
}
