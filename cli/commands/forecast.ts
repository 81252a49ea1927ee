import type { Command } from "commander";
import { example } from "../run-action.ts";
import { serveAlone } from "../runtime/serve-alone.ts";

export default function addForecast(program: Command): void {
  program
    .command("forecast")
    .description("train and forecast; any number of them, on DATABASE_URL")
    .addHelpText("after", example("forecast"))
    .action(() => serveAlone("forecast"));
}
