import { readdir } from "node:fs/promises";
import { Command } from "commander";

/** A file of `commands/`: its default export adds the command, or group of commands, of its name. */
type AddCommand = (program: Command) => void;

const commandsUrl = new URL("./commands/", import.meta.url);

/**
 * Builds the command that is asked for; all of them where help is wanted, or none has that name. Wrong
 * usage is said to a person and then thrown as a `CommanderError`.
 */
export async function buildProgram(asked: string | undefined): Promise<Command> {
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
