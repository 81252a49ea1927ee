import { readdir } from "node:fs/promises";
import { type Command, CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { buildProgram } from "./build-program.ts";

const someId = "6f1f2a3e-0d1c-4a52-9a3e-2b1d5c7f8e90";

/** Every command that does something, by what is typed for it. */
const leaves = (await buildProgram(undefined)).commands.flatMap((command) =>
  command.commands.length === 0
    ? [command.name()]
    : command.commands.map((sub) => `${command.name()} ${sub.name()}`),
);

/** Types something and answers what came out of it; nothing here reaches a command's work. */
async function typed(args: readonly string[]) {
  const program = await buildProgram(args[0]);
  const output = { out: "", err: "" };
  const listen = (command: Command): void => {
    command.configureOutput({
      writeOut: (text) => {
        output.out += text;
      },
      writeErr: (text) => {
        output.err += text;
      },
    });
    command.commands.forEach(listen);
  };
  listen(program);
  const error: unknown = await program.parseAsync([...args], { from: "user" }).catch((it) => it);
  if (!(error instanceof CommanderError)) throw new Error(`${args.join(" ")} was taken as right`);
  return { ...output, isRight: error.exitCode === 0 };
}

describe("help", () => {
  it("lists every command", async () => {
    const { isRight, out } = await typed(["--help"]);
    expect(isRight).toBe(true);
    const files = await readdir(new URL("./commands/", import.meta.url));
    const names = files.map((file) => file.replace(/\.ts$/, ""));
    expect(names).toContain("verify");
    for (const name of names) expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
  });

  it.each(leaves)("of %s has a sentence and an example", async (name) => {
    const { isRight, out } = await typed([...name.split(" "), "--help"]);
    expect(isRight).toBe(true);
    expect(out).toMatch(new RegExp(`^Usage: tillcast ${name}.*\n\n\\w.{20,}`));
    expect(out).toContain(`Example:\n  npx tillcast ${name}`);
  });
});

describe("wrong usage", () => {
  const store = `store create --tenant ${someId} --name Mitte --time-zone Europe/Berlin --currency EUR --closeout 04:00`;
  it.each([
    ["", "Usage: tillcast"],
    ["tenant", "Usage: tillcast tenant"],
    ["sell", "unknown command 'sell'"],
    [
      `import --store ${someId} --profile generic --decimal dot x.csv`,
      "must be one of point, comma",
    ],
    [
      `import --store ${someId} --profile generic --dates ymd x.csv`,
      "Allowed choices are dmy, mdy",
    ],
    [`import --store ${someId} --profile generic --time noon x.csv`, "such as 12:00"],
    [
      `import --store ${someId} --profile generic --numbering daily x.csv`,
      "must be one of unique, per-register, per-day",
    ],
    ["verify --fast", "unknown option '--fast'"],
    ["verify everything", "too many arguments"],
    ["tenant create", "required option '--name <name>' not specified"],
    [`import --store ${someId} --profile pizza`, "missing required argument 'path'"],
    [
      `${store} --time-zone Mars`,
      "'--time-zone <zone>' argument 'Mars' is invalid. It must be an IANA",
    ],
    [
      `${store} --currency eur`,
      "'--currency <code>' argument 'eur' is invalid. It must be an ISO 4217",
    ],
    [
      `${store} --closeout 24:00`,
      "'--closeout <HH:MM>' argument '24:00' is invalid. It must be a time",
    ],
    [
      `${store} --country Germany`,
      "'--country <code>' argument 'Germany' is invalid. It must be a two",
    ],
    ["store list --tenant mine", "'--tenant <id>' argument 'mine' is invalid. It must be an id"],
    ["user create --email ana", "'--email <email>' argument 'ana' is invalid. It must be an email"],
    [
      "user create --role boss",
      "'--role <role>' argument 'boss' is invalid. Allowed choices are owner",
    ],
    ["key create --scopes orders:write,all", "Scopes are orders:write and sales:read"],
    [
      "simulate --weeks 0",
      "'--weeks <count>' argument '0' is invalid. It must be a whole number from 1",
    ],
    [
      "simulate --stores moon",
      "'--stores <which>' argument 'moon' is invalid. Allowed choices are demo",
    ],
    [
      "demo --speed 0.5",
      "'--speed <factor>' argument '0.5' is invalid. It must be a number from 1",
    ],
    ["backtest --dataset moon", "Allowed choices are hourly-stores, m4-hourly, recruit"],
    ["backtest --csv a --dataset recruit", "cannot be used with option '--csv <file>'"],
  ])("such as '%s' is told by option and reason", async (line, reason) => {
    const { isRight, out, err } = await typed(line.split(" ").filter((word) => word !== ""));
    expect({ isRight, out }).toEqual({ isRight: false, out: "" });
    expect(err).toContain(reason);
  });
});
