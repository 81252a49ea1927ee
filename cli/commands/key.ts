import {
  type ApiKeyScope,
  listKeys,
  makeKey,
  requireTenant,
  revokeKey,
  rotateKey,
} from "@tillcast/accounts";
import { HOUR_MS } from "@tillcast/schemas";
import type { Command } from "commander";
import { readId, readName, readScopes, readWhole } from "../arguments.ts";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";
import { table } from "../table.ts";

interface NewKey {
  readonly tenant: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly name?: string;
}

interface ListOptions {
  readonly tenant?: string;
  readonly ended?: boolean;
}

/** A key that a sender does not change within a month is better revoked. */
const overlapMaxHours = 720;

export default function addKey(program: Command): void {
  const group = program.command("key").description("make, list, rotate and revoke API keys");
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
      runChange(command, async ({ scope, log, by }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        const { keyId, key } = await makeKey(database.service, by, { tenantId, ...rest });
        return { ok: true, result: { keyId, key }, text: `Made key ${keyId}:\n${key}` };
      }),
    );
  group
    .command("list")
    .description("list API keys, without their secrets")
    .option("--tenant <id>", "only this tenant's", readId)
    .option("--ended", "also those that work no more")
    .addOption(jsonOption())
    .addHelpText("after", example("key list --tenant T"))
    .action((options: ListOptions, command: Command) =>
      runAction(command, (context) => list(options, context)),
    );
  group
    .command("revoke <keyId>")
    .description("revoke an API key; a running server refuses it within two seconds")
    .addOption(jsonOption())
    .addHelpText("after", example("key revoke 0123456789abcdef"))
    .action((keyId: string, _options: unknown, command: Command) =>
      runChange(command, async ({ scope, log, by }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        await revokeKey(database.service, by, keyId);
        return { ok: true, result: { keyId, revoked: true }, text: `Revoked key ${keyId}.` };
      }),
    );
  group
    .command("rotate <keyId>")
    .description("make a key that may do the same, and end the old one later")
    .option(
      "--overlap <hours>",
      "how long the old key works beside the new one",
      readWhole(0, overlapMaxHours),
      24,
    )
    .addOption(jsonOption())
    .addHelpText("after", example("key rotate 0123456789abcdef --overlap 48"))
    .action((oldKeyId: string, { overlap }: { overlap: number }, command: Command) =>
      runChange(command, async ({ scope, log, by }) => {
        const { database } = await openInstallation({ scope, log, role: "command" });
        const made = await rotateKey(database.service, by, {
          keyId: oldKeyId,
          overlapMs: overlap * HOUR_MS,
        });
        const oldEndsAt = new Date(made.oldEndsAt).toISOString();
        const { keyId, key } = made;
        return {
          ok: true,
          result: { keyId, key, oldKeyId, oldEndsAt },
          text: `Made key ${keyId}; ${oldKeyId} works until ${oldEndsAt}:\n${key}`,
        };
      }),
    );
}

async function list(
  { tenant: tenantId, ended: withEnded = false }: ListOptions,
  { scope, log }: ActionContext,
): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  if (tenantId !== undefined) await requireTenant(database.service, tenantId);
  const keys = (await listKeys(database.service, { tenantId, withEnded })).map((one) => ({
    ...one,
    createdAt: instantText(one.createdAt),
    lastUsedAt: instantText(one.lastUsedAt),
    revokedAt: instantText(one.revokedAt),
    expiresAt: instantText(one.expiresAt),
  }));
  const rows = keys.map((one) => [
    one.keyId,
    one.name,
    one.scopes.join(","),
    one.lastUsedAt ?? "never",
    one.revokedAt ?? one.expiresAt ?? "",
    one.tenantId,
  ]);
  const text = table(["key", "name", "scopes", "last used", "ends", "tenant"], rows);
  return { ok: true, result: { keys }, text };
}

const instantText = (instantMs: number | null): string | null =>
  instantMs === null ? null : new Date(instantMs).toISOString();
