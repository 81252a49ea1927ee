import {
  changePerson,
  findPersonId,
  type PersonChange,
  type Role,
  removePerson,
  roles,
  setPersonDisabled,
} from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import { type Command, Option } from "commander";
import { readIds } from "../arguments.ts";
import { type ActionResult, example, jsonOption } from "../run-action.ts";
import { type ChangeContext, runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";

interface RoleOptions {
  readonly to: Role;
  readonly installation?: boolean;
}

interface StoresOptions {
  readonly stores?: readonly string[];
  readonly all?: boolean;
}

/** Adds `user role`, `stores`, `disable`, `enable` and `remove`; each takes an email or an id. */
export function addChangesOfUser(group: Command): void {
  group
    .command("role <person>")
    .description("set what a person may do; their open pages follow within ten seconds")
    .addOption(new Option("--to <role>", "the new role").choices(roles).makeOptionMandatory())
    .option("--installation", "an operator who also sees the work of the whole installation")
    .addOption(jsonOption())
    .addHelpText("after", example("user role ana@example.com --to manager"))
    .action((person: string, { to: role, installation }: RoleOptions, command: Command) =>
      runChange(command, (context) =>
        change(person, { role, runsInstallation: installation === true }, context),
      ),
    );
  group
    .command("stores <person>")
    .description("set which stores a person sees; their open pages follow within ten seconds")
    .option("--stores <ids>", "only these, separated by commas", readIds)
    .option("--all", "all stores of the tenant, also those to come")
    .addOption(jsonOption())
    .addHelpText("after", example("user stores ana@example.com --stores S"))
    .action((person: string, { stores, all = false }: StoresOptions, command: Command) =>
      runChange(command, async (context) => {
        if ((stores === undefined) !== all) {
          throw appError("validationFailed", { field: "--stores", reason: "give it, or --all" });
        }
        return change(person, { storeIds: stores ?? null }, context);
      }),
    );
  group
    .command("disable <person>")
    .description("end what a person has open, and refuse them until enabled again")
    .addOption(jsonOption())
    .addHelpText("after", example("user disable ana@example.com"))
    .action((person: string, _options: unknown, command: Command) =>
      runChange(command, (context) => setDisabled(person, true, context)),
    );
  group
    .command("enable <person>")
    .description("let a disabled person sign in again")
    .addOption(jsonOption())
    .addHelpText("after", example("user enable ana@example.com"))
    .action((person: string, _options: unknown, command: Command) =>
      runChange(command, (context) => setDisabled(person, false, context)),
    );
  group
    .command("remove <person>")
    .description("remove a person; what they did stays in the audit under their id")
    .addOption(jsonOption())
    .addHelpText("after", example("user remove ana@example.com"))
    .action((person: string, _options: unknown, command: Command) =>
      runChange(command, async ({ scope, log, by }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        const userId = await findPersonId(database.service, person);
        await removePerson(database.service, by, userId);
        return { ok: true, result: { userId, removed: true }, text: `Removed ${person}.` };
      }),
    );
}

async function setDisabled(
  person: string,
  isDisabled: boolean,
  { scope, log, by }: ChangeContext,
): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  const userId = await findPersonId(database.service, person);
  await setPersonDisabled(database.service, by, { userId, isDisabled });
  const text = `${person} is ${isDisabled ? "disabled" : "enabled"}.`;
  return { ok: true, result: { userId, isDisabled }, text };
}

async function change(
  person: string,
  wanted: PersonChange,
  { scope, log, by }: ChangeContext,
): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  const userId = await findPersonId(database.service, person);
  await changePerson(database.service, by, { userId, change: wanted });
  return { ok: true, result: { userId, ...wanted }, text: `Set ${person}.` };
}
