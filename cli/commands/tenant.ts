import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { readName } from "../arguments.ts";
import { example, jsonOption, runAction } from "../run-action.ts";
import { openInstallation } from "../runtime/installation.ts";
import { table } from "../table.ts";

const insertTenant = "insert into tenant (tenant_id, name) values ($1, $2)";

const selectTenants = `
  select tenant_id, name, is_demo, counted_when,
    (select count(*)::int from store where store.tenant_id = tenant.tenant_id) as stores
  from tenant
  order by created_at, tenant_id`;

interface TenantRow {
  readonly tenant_id: string;
  readonly name: string;
  readonly is_demo: boolean;
  readonly counted_when: string;
  readonly stores: number;
}

export default function addTenant(program: Command): void {
  const group = program.command("tenant").description("make and list tenants");
  group
    .command("create")
    .description("make a tenant: a company whose people see its stores and nobody else's")
    .requiredOption("--name <name>", "what people call it", readName)
    .addOption(jsonOption())
    .addHelpText("after", example('tenant create --name "Trattoria Aurora"'))
    .action(({ name }: { name: string }, command: Command) =>
      runAction(command, async ({ scope, log }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        const tenantId = randomUUID();
        await database.service.query(insertTenant, [tenantId, name]);
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
        const { rows } = await database.service.query<TenantRow>(selectTenants);
        const tenants = rows.map((row) => ({
          tenantId: row.tenant_id,
          name: row.name,
          isDemo: row.is_demo,
          countedWhen: row.counted_when,
          stores: row.stores,
        }));
        const text = table(
          ["tenant", "name", "stores"],
          tenants.map(({ tenantId, name, stores }) => [tenantId, name, String(stores)]),
        );
        return { ok: true, result: { tenants }, text };
      }),
    );
}
