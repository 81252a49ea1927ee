/** The `tillcast` command: one file per command, found in `commands/`. */
import { readdir } from "node:fs/promises";
import { Command, CommanderError } from "commander";
import { exitCodes } from "./exit-codes.ts";
import { reportFault } from "./report-fault.ts";

/** A file of `commands/`: its default export adds the command, or group of commands, of its name. */
type AddCommand = (program: Command) => void;

const commandsUrl = new URL("./commands/", import.meta.url);

/** Builds the command that is asked for; all of them where help is wanted, or none has that name. */
async function buildProgram(asked: string | undefined): Promise<Command> {
  const program = new Command("tillcast")
    .description("Live sales against an honest forecast, every number proved down to the bill.")
    .exitOverride()
    .showHelpAfterError("(add --help for what this command takes)");
  const files = (await readdir(commandsUrl)).filter((name) => /^[a-z-]+\.ts$/.test(name)).sort();
  // A command loads only what it needs: all services together cost a second of processor time.
  const needed = files.includes(`${asked}.ts`) ? [`${asked}.ts`] : files;
  for (const name of needed) {
    const module = (await import(new URL(name, commandsUrl).href)) as { default: AddCommand };
    module.default(program);
  }
  return program;
}

try {
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
