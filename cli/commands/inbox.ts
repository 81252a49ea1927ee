import { requireTenant } from "@tillcast/accounts";
import { createInbox, listInboxes } from "@tillcast/ingest";
import type { Command } from "commander";
import { readId } from "../arguments.ts";
import { example, jsonOption, runAction } from "../run-action.ts";
import { runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";
import { table } from "../table.ts";

export default function addInbox(program: Command): void {
  const group = program
    .command("inbox")
    .description("make and list inboxes: topics to which tenants' own Kafka producers write");
  group
    .command("create")
    .description("make a tenant's inbox; every running intake reads it within seconds")
    .requiredOption("--tenant <id>", "whose orders it will hold", readId)
    .addOption(jsonOption())
    .addHelpText("after", example("inbox create --tenant T"))
    .action(({ tenant }: { tenant: string }, command: Command) =>
      runChange(command, async ({ scope, log, asked }) => {
        const installation = await openInstallation({ scope, log, role: "command" });
        const { service } = installation.database;
        await requireTenant(service, tenant);
        await asked(service, { tenantId: tenant, subject: tenant });
        const { topic } = await createInbox(installation, tenant);
        return { ok: true, result: { topic }, text: `Orders written to ${topic} are read.` };
      }),
    );
  group
    .command("list")
    .description("list the inboxes of all tenants")
    .addOption(jsonOption())
    .addHelpText("after", example("inbox list"))
    .action((_options: unknown, command: Command) =>
      runAction(command, async ({ scope, log }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        const inboxes = await listInboxes(database);
        const rows = inboxes.map(({ tenantId, topic }) => [tenantId, topic]);
        return { ok: true, result: { inboxes }, text: table(["tenant", "topic"], rows) };
      }),
    );
}
