import type { Command } from "commander";
import { example } from "../run-action.ts";
import { serveAlone } from "../runtime/serve-alone.ts";

export default function addIngest(program: Command): void {
  program
    .command("ingest")
    .description("take orders over HTTP; any number of them, on DATABASE_URL")
    .addHelpText("after", example("ingest"))
    .action(() => serveAlone("ingest"));
}
