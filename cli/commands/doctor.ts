import type { Command } from "commander";
import type { Check } from "../doctor/check.ts";
import { examine } from "../doctor/examine.ts";
import { example, jsonOption, runAction } from "../run-action.ts";
import { table } from "../table.ts";

const marks: Readonly<Record<Check["state"], string>> = {
  ok: "ok",
  notice: "note",
  failed: "FAILED",
};

export default function addDoctor(program: Command): void {
  program
    .command("doctor")
    .description("look at what Tillcast stands on, and say what is wrong; changes nothing")
    .addOption(jsonOption())
    .addHelpText("after", example("doctor"))
    .action((_options: unknown, command: Command) =>
      runAction(command, async ({ scope, log }) => {
        const checks = await examine(scope, log);
        const ok = checks.every((check) => check.state !== "failed");
        const text = table(
          ["", "what", "found"],
          checks.map(({ state, name, detail }) => [marks[state], name, detail]),
        );
        return { ok, result: { ok, checks }, text };
      }),
    );
}
