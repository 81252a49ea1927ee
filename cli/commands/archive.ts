import { writeArchive } from "@tillcast/proofs";
import type { Command } from "commander";
import { type ActionResult, example, jsonOption } from "../run-action.ts";
import { type ChangeContext, runChange } from "../run-change.ts";
import { archiveFolderOf } from "../runtime/archive-folder.ts";
import { openInstallation } from "../runtime/installation.ts";

export default function addArchive(program: Command): void {
  program
    .command("archive")
    .description(
      "write orders and ledger as a base for replay, read it back, and remove the older bases",
    )
    .option("--to <dir>", "folder of bases; by default archive/ in the data folder")
    .addOption(jsonOption())
    .addHelpText("after", example("archive", "archive --to /srv/tillcast/archive"))
    .action(({ to }: { to?: string }, command: Command) =>
      runChange(command, (context) => archive(to, context)),
    );
}

async function archive(
  to: string | undefined,
  { scope, log, progress, asked }: ChangeContext,
): Promise<ActionResult> {
  const installation = await openInstallation({ scope, log, role: "command" });
  const { database, eventLog, clock } = installation;
  await asked(database.service, { tenantId: null, subject: "archive" });
  const startedAt = performance.now();
  const { folder, manifest, removed } = await writeArchive({
    pool: database.service,
    eventLog,
    clock,
    folder: archiveFolderOf(installation, to),
    onProgress: progress.update,
  });
  const rowsOf = (table: string) => manifest.files.find((file) => file.table === table)?.rows ?? 0;
  const result = {
    folder,
    orders: rowsOf("order_head"),
    ledgerEntries: rowsOf("ledger_entry"),
    bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    seconds: Math.round(performance.now() - startedAt) / 1_000,
    removed,
  };
  return {
    ok: true,
    result,
    text: [
      `${result.orders} orders and ${result.ledgerEntries} ledger entries written to ${folder} and read back.`,
      ...removed.map((older) => `Removed ${older}.`),
    ].join("\n"),
  };
}
