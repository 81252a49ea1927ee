import { createTenant, listTenants, renameTenant, setTenantDisabled } from "@tillcast/accounts";
import type { Command } from "commander";
import { readId, readName } from "../arguments.ts";
import { example, jsonOption, runAction } from "../run-action.ts";
import { runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";
import { table } from "../table.ts";

export default function addTenant(program: Command): void {
  const group = program.command("tenant").description("make, list, rename and disable tenants");
  group
    .command("create")
    .description("make a tenant: a company whose people see its stores and nobody else's")
    .requiredOption("--name <name>", "what people call it", readName)
    .addOption(jsonOption())
    .addHelpText("after", example('tenant create --name "Trattoria Aurora"'))
    .action(({ name }: { name: string }, command: Command) =>
      runChange(command, async ({ scope, log, by }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        const tenantId = await createTenant(database.service, by, name);
        return { ok: true, result: { tenantId }, text: `Made tenant ${tenantId}, ${name}.` };
      }),
    );
  group
    .command("list")
    .description("list all tenants with their numbers of stores")
    .addOption(jsonOption())
    .addHelpText("after", example("tenant list"))
    .action((_options: unknown, command: Command) =>
      runAction(command, async ({ scope, log }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        const tenants = await listTenants(database.service);
        const text = table(
          ["tenant", "name", "stores", "state"],
          tenants.map(({ tenantId, name, stores, isDisabled }) => [
            tenantId,
            name,
            String(stores),
            isDisabled ? "disabled" : "",
          ]),
        );
        return { ok: true, result: { tenants }, text };
      }),
    );
  group
    .command("rename <tenant>")
    .description("call a tenant something else")
    .requiredOption("--name <name>", "what people call it from now on", readName)
    .addOption(jsonOption())
    .addHelpText("after", example('tenant rename T --name "Trattoria Alba"'))
    .action((tenant: string, { name }: { name: string }, command: Command) =>
      runChange(command, async ({ scope, log, by }) => {
        const tenantId = readId(tenant);
        const { database } = await openInstallation({ scope, log, role: "command" });
        await renameTenant(database.service, by, { tenantId, name });
        return { ok: true, result: { tenantId, name }, text: `It is called ${name} now.` };
      }),
    );
  addDisable(group);
}

function addDisable(group: Command): void {
  group
    .command("disable <tenant>")
    .description("refuse a tenant's sign-ins, sessions and keys; its data stays")
    .option("--undo", "take it into use again")
    .addOption(jsonOption())
    .addHelpText("after", example("tenant disable T", "tenant disable T --undo"))
    .action((tenant: string, { undo = false }: { undo?: boolean }, command: Command) =>
      runChange(command, async ({ scope, log, by }) => {
        const tenantId = readId(tenant);
        const { database } = await openInstallation({ scope, log, role: "command" });
        const isDisabled = !undo;
        await setTenantDisabled(database.service, by, { tenantId, isDisabled });
        const text = undo
          ? `Tenant ${tenantId} is in use again.`
          : `Tenant ${tenantId} is disabled; servers refuse its people and keys within ten seconds.`;
        return { ok: true, result: { tenantId, isDisabled }, text };
      }),
    );
}
