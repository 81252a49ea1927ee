/** The `tillcast` command: one file per command, found in `commands/`. */
import { existsSync } from "node:fs";
import { CommanderError } from "commander";
import { buildProgram } from "./build-program.ts";
import { exitCodes } from "./exit-codes.ts";
import { reportFault } from "./report-fault.ts";
import { boundHeap } from "./runtime/bound-heap.ts";
import { loadSecretFiles } from "./secret-files.ts";

boundHeap();

// A file beside the project, as `.env.example` shows it; what the environment says already stays.
if (existsSync(".env")) process.loadEnvFile(".env");

try {
  loadSecretFiles(process.env);
  const program = await buildProgram(process.argv[2]);
  await program.parseAsync();
} catch (error) {
  const json = process.argv.includes("--json");
  if (error instanceof CommanderError) reportUsage(error, json);
  else reportFault(error, json);
}

/** Commander has said it to a person already; the exit code and the JSON say it to scripts. */
function reportUsage({ exitCode, message }: CommanderError, json: boolean): void {
  process.exitCode = exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (exitCode === 0 || !json) return;
  const error = { code: "usage", message: message.replace(/^error: /, "") };
  process.stdout.write(`${JSON.stringify({ error })}\n`);
}
