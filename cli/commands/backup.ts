import { resolve } from "node:path";
import { appError } from "@tillcast/core";
import { loadHolds, releaseLog } from "@tillcast/event-log";
import { writeBackup } from "@tillcast/proofs";
import type { Command } from "commander";
import { readId } from "../arguments.ts";
import { type ActionContext, type ActionResult, example, jsonOption } from "../run-action.ts";
import { type ChangeContext, type ChangeResult, runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";
import { table } from "../table.ts";

interface BackupCommandOptions {
  readonly to?: string;
  readonly list?: boolean;
  readonly forget?: string;
}

export default function addBackup(program: Command): void {
  program
    .command("backup")
    .description(
      "copy everything that cannot be rebuilt into a folder of its own, beside a running server",
    )
    .option("--to <dir>", "the backup's folder; not there yet, or empty")
    .option("--list", "list the backups that hold the log")
    .option("--forget <id>", "let the log go that a backup holds; its files stay", readId)
    .addOption(jsonOption())
    .addHelpText("after", example("backup --to /backups/2026-11-27", "backup --forget ID"))
    .action((options: BackupCommandOptions, command: Command) =>
      runChange(command, (context) => run(options, context)),
    );
}

async function run(
  { to, list, forget }: BackupCommandOptions,
  context: ChangeContext,
): Promise<ChangeResult> {
  const given = [to, list, forget].filter((option) => option !== undefined);
  if (given.length !== 1) {
    throw appError("validationFailed", {
      field: "--to",
      reason: "give one of --to, --list and --forget",
    });
  }
  const { scope, log } = context;
  const installation = await openInstallation({ scope, log, role: "command" });
  const subject = to ?? forget;
  if (subject !== undefined) {
    await context.asked(installation.database.service, {
      tenantId: null,
      subject,
      detail: { forgets: forget !== undefined },
    });
  }
  if (to !== undefined) return backUp(resolve(to), installation, context);
  return forget === undefined ? listHolds(installation) : forgetHold(forget, installation);
}

type Opened = Awaited<ReturnType<typeof openInstallation>>;

async function backUp(
  folder: string,
  installation: Opened,
  { progress }: ActionContext,
): Promise<ActionResult> {
  const startedAt = performance.now();
  const { manifest, forgotten } = await writeBackup(installation, {
    folder,
    holdDays: installation.settings.TILLCAST_BACKUP_HOLD_DAYS,
    onProgress: progress.update,
  });
  const { copyId, files, tails } = manifest;
  const rowsOf = (name: string) => files.find((file) => file.table === name)?.rows ?? 0;
  const result = {
    backupId: copyId,
    folder,
    orders: rowsOf("order_head"),
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    tailRecords: tails.reduce((sum, { records }) => sum + records, 0),
    bytes: [...files, ...tails].reduce((sum, { bytes }) => sum + bytes, 0),
    seconds: Math.round(performance.now() - startedAt) / 1_000,
    acceptedUntil: new Date(manifest.finishedAt).toISOString(),
    forgotten,
  };
  return {
    ok: true,
    result,
    text: [
      `${result.orders} orders, ${result.rows} rows and ${result.tailRecords} records of the log's tail written to ${folder} and read back.`,
      `It has everything that was accepted until ${result.acceptedUntil}. Keep it on another disk, and the secret key apart from it.`,
      ...forgotten.map((older) => `The log is no longer held for ${older}.`),
    ].join("\n"),
  };
}

async function listHolds({ database }: Opened): Promise<ChangeResult> {
  const holds = await loadHolds(database.service, "backup");
  const backups = holds.map(({ holdId, location, takenAt }) => ({
    backupId: holdId,
    folder: location,
    takenAt: new Date(takenAt).toISOString(),
  }));
  return {
    ok: true,
    isRead: true,
    result: { backups },
    text:
      backups.length === 0
        ? "No backup holds the log."
        : table(
            ["backup", "taken", "folder"],
            backups.map(({ backupId, takenAt, folder }) => [backupId, takenAt, folder]),
          ),
  };
}

async function forgetHold(backupId: string, { database }: Opened): Promise<ActionResult> {
  const holds = await loadHolds(database.service, "backup");
  if (!holds.some(({ holdId }) => holdId === backupId)) {
    throw appError("notFound", { what: `backup ${backupId}` });
  }
  await releaseLog(database.service, "backup", [backupId]);
  return {
    ok: true,
    result: { backupId },
    text: "The log is no longer held for it; its files stay where they are.",
  };
}
