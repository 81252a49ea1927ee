import { type ApiKeyScope, createApiKey, revokeApiKey } from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import type { Command } from "commander";
import { readId, readName, readScopes } from "../arguments.ts";
import { example, jsonOption, runAction } from "../run-action.ts";
import { openInstallation } from "../runtime/installation.ts";
import { requireTenant } from "../runtime/tenants.ts";

interface NewKey {
  readonly tenant: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly name?: string;
}

export default function addKey(program: Command): void {
  const group = program.command("key").description("make and revoke API keys");
  group
    .command("create")
    .description("make an API key of a tenant; it is shown this once")
    .requiredOption("--tenant <id>", "whose key it is", readId)
    .requiredOption(
      "--scopes <scopes>",
      "what it may do, separated by commas: orders:write, sales:read",
      readScopes,
    )
    .option("--name <name>", "who will use it", readName)
    .addOption(jsonOption())
    .addHelpText("after", example("key create --tenant T --scopes orders:write,sales:read"))
    .action(({ tenant: tenantId, ...rest }: NewKey, command: Command) =>
      runAction(command, async ({ scope, log }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        await requireTenant(database.service, tenantId);
        const { keyId, key } = await createApiKey(database.service, { tenantId, ...rest });
        return { ok: true, result: { keyId, key }, text: `Made key ${keyId}:\n${key}` };
      }),
    );
  group
    .command("revoke <keyId>")
    .description("revoke an API key; a running server refuses it within half a minute")
    .addOption(jsonOption())
    .addHelpText("after", example("key revoke 0123456789abcdef"))
    .action((keyId: string, _options: unknown, command: Command) =>
      runAction(command, async ({ scope, log }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        const isRevoked = await revokeApiKey(database.service, keyId);
        if (!isRevoked) throw appError("notFound", { what: `key ${keyId} that still works` });
        return { ok: true, result: { keyId, revoked: true }, text: `Revoked key ${keyId}.` };
      }),
    );
}
