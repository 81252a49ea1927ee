import { type ReplayResult, replayLedger } from "@tillcast/stream-processors";
import type { Command } from "commander";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { openInstallation } from "../runtime/installation.ts";

export default function addReplay(program: Command): void {
  program
    .command("replay")
    .description(
      "rebuild the ledger and every total from the first record of the log, beside the live ones, and compare",
    )
    .option("--swap", "put the rebuilt tables in the place of the live ones")
    .addOption(jsonOption())
    .addHelpText("after", example("replay", "replay --swap"))
    .action(({ swap = false }: { swap?: boolean }, command: Command) =>
      runAction(command, (context) => replay(swap, context)),
    );
}

async function replay(
  swap: boolean,
  { scope, log, progress }: ActionContext,
): Promise<ActionResult> {
  const { ownerUrl, eventLog } = await openInstallation({ scope, log, role: "command" });
  const result = await replayLedger({ ownerUrl, eventLog, swap, onProgress: progress.update });
  return { ok: result.equal, result: { ...result }, text: describe(result) };
}

/** A row's encoded order is long, and says nothing to a person. */
const valueShownMax = 64;

function describeRow(row: Readonly<Record<string, string | null>>): string {
  return Object.entries(row)
    .map(([column, value]) => `${column} ${(value ?? "null").slice(0, valueShownMax)}`)
    .join(", ");
}

function describe({ equal, swapped, records, tables }: ReplayResult): string {
  const rows = tables
    .filter((one) => !one.equal)
    .flatMap(({ table, differences }) =>
      differences.map(({ side, row }) => `${table}, only ${side}: ${describeRow(row)}`),
    );
  return [
    `${equal ? "Equal" : "Not equal"}: ${records} records replayed into ${tables.length} tables.`,
    ...rows,
    ...(swapped ? ["The rebuilt tables are the live ones now."] : []),
  ].join("\n");
}
