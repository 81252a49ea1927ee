import { type ReplayResult, replayLedger } from "@tillcast/proofs";
import type { Command } from "commander";
import { example, jsonOption } from "../run-action.ts";
import { type ChangeContext, type ChangeResult, runChange } from "../run-change.ts";
import { archiveFolderOf } from "../runtime/archive-folder.ts";
import { openInstallation } from "../runtime/installation.ts";

export default function addReplay(program: Command): void {
  program
    .command("replay")
    .description(
      "rebuild the ledger and every total from the newest archive base and the log, beside the live ones, and compare",
    )
    .option("--from-start", "use no base: read the log from its first record")
    .option("--base <dir>", "folder of bases; by default archive/ in the data folder")
    .option("--swap", "put the rebuilt tables in the place of the live ones")
    .addOption(jsonOption())
    .addHelpText("after", example("replay", "replay --from-start", "replay --swap"))
    .action((options: ReplayCommandOptions, command: Command) =>
      runChange(command, (context) => replay(options, context)),
    );
}

interface ReplayCommandOptions {
  readonly swap?: boolean;
  readonly fromStart?: boolean;
  readonly base?: string;
}

async function replay(
  { swap = false, fromStart = false, base }: ReplayCommandOptions,
  { scope, log, progress, asked }: ChangeContext,
): Promise<ChangeResult> {
  const installation = await openInstallation({ scope, log, role: "command" });
  const { ownerUrl, eventLog } = installation;
  if (swap) await asked(installation.database.service, { tenantId: null, subject: "ledger" });
  const archiveFolder = fromStart ? undefined : archiveFolderOf(installation, base);
  const result = await replayLedger({
    ownerUrl,
    eventLog,
    swap,
    ...(archiveFolder === undefined ? {} : { archiveFolder }),
    onProgress: progress.update,
  });
  return { ok: result.equal, isRead: !swap, result: { ...result }, text: describe(result) };
}

/** A row's encoded order is long, and says nothing to a person. */
const valueShownMax = 64;

function describeRow(row: Readonly<Record<string, string | null>>): string {
  return Object.entries(row)
    .map(([column, value]) => `${column} ${(value ?? "null").slice(0, valueShownMax)}`)
    .join(", ");
}

function describe({ equal, swapped, base, records, tables }: ReplayResult): string {
  const rows = tables
    .filter((one) => !one.equal)
    .flatMap(({ table, differences }) =>
      differences.map(({ side, row }) => `${table}, only ${side}: ${describeRow(row)}`),
    );
  return [
    `${equal ? "Equal" : "Not equal"}: ${records} records replayed into ${tables.length} tables${base === null ? "" : `, on ${base}`}.`,
    ...rows,
    ...(swapped ? ["The rebuilt tables are the live ones now."] : []),
  ].join("\n");
}
