import { listAudit, requireTenant } from "@tillcast/accounts";
import type { Command } from "commander";
import { readId, readWhole } from "../arguments.ts";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { openInstallation } from "../runtime/installation.ts";
import { table } from "../table.ts";

interface ListOptions {
  readonly tenant?: string;
  readonly action?: string;
  readonly before?: number;
  readonly max: number;
}

/** More than this is better read page by page. */
const pageMax = 1_000;

export default function addAudit(program: Command): void {
  const group = program.command("audit").description("who changed what, when and from where");
  group
    .command("list")
    .description("list changes, the newest first")
    .option("--tenant <id>", "only this tenant's", readId)
    .option("--action <name>", 'only of this kind, such as "key created"')
    .option("--before <id>", "go on below this auditId", readWhole(1, Number.MAX_SAFE_INTEGER))
    .option("--max <count>", "at most so many", readWhole(1, pageMax), 100)
    .addOption(jsonOption())
    .addHelpText("after", example("audit list --tenant T", 'audit list --action "sign-in failed"'))
    .action((options: ListOptions, command: Command) =>
      runAction(command, (context) => list(options, context)),
    );
}

async function list(
  { tenant: tenantId, action, before, max: maxCount }: ListOptions,
  { scope, log }: ActionContext,
): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  if (tenantId !== undefined) await requireTenant(database.service, tenantId);
  const filter = { tenantId, action, before: before?.toString(), maxCount };
  const events = (await listAudit(database.service, filter)).map((one) => ({
    ...one,
    at: new Date(one.at).toISOString(),
  }));
  const rows = events.map((one) => [
    one.auditId,
    one.at,
    one.action,
    one.subject,
    one.email ?? `${one.actorKind} ${one.actor}`.trim(),
    one.address ?? "",
  ]);
  const text = table(["audit", "at", "what", "whom", "who", "from"], rows);
  return { ok: true, result: { events }, text };
}
