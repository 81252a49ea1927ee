/** The `tillcast` command: one file per command, found in `commands/`. */
import { readdir } from "node:fs/promises";
import { Command, CommanderError } from "commander";
import { exitCodes } from "./exit-codes.ts";

/** A file of `commands/`: its default export adds one command. */
type AddCommand = (program: Command) => void;

const commandsUrl = new URL("./commands/", import.meta.url);

async function buildProgram(): Promise<Command> {
  const program = new Command("tillcast")
    .description("Live sales against an honest forecast, every number proved down to the bill.")
    .exitOverride()
    .showHelpAfterError("(add --help for what this command takes)");
  const names = (await readdir(commandsUrl)).filter((name) => /^[a-z-]+\.ts$/.test(name)).sort();
  for (const name of names) {
    const module = (await import(new URL(name, commandsUrl).href)) as { default: AddCommand };
    module.default(program);
  }
  return program;
}

try {
  const program = await buildProgram();
  // Subcommands take over neither the override nor the hint by themselves.
  for (const command of program.commands)
    for (const one of [command, ...command.commands]) one.exitOverride();
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
}
