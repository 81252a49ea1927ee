import { verifyTables } from "@tillcast/proofs";
import type { Command } from "commander";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { openInstallation } from "../runtime/installation.ts";

export default function addVerify(program: Command): void {
  program
    .command("verify")
    .description(
      "recompute the ledger from the orders and every total from the ledger, and say equal or what differs",
    )
    .addOption(jsonOption())
    .addHelpText("after", example("verify"))
    .action((_options: unknown, command: Command) => runAction(command, verify));
}

async function verify({ scope, log, progress }: ActionContext): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  const verification = await verifyTables(database.service, progress.update);
  return {
    ok: verification.equal,
    result: { ...verification },
    text: describe(verification),
  };
}

type Verification = Awaited<ReturnType<typeof verifyTables>>;

function describe(verification: Verification): string {
  const { equal, orders, ledgerEntries, windows, differences, differenceCount } = verification;
  const seen = `${orders} orders, ${ledgerEntries} ledger entries, ${windows} windows`;
  const older =
    verification.olderFold === 0
      ? []
      : [
          `${verification.olderFold} orders were posted by an older version; that is no fault, and npx tillcast refold brings them up to date.`,
        ];
  if (equal) return [`Equal: ${seen}.`, ...older].join("\n");
  const rows = differences.flatMap(({ table, key, expected, found }) =>
    Object.keys(expected).map(
      (column) =>
        `${table}, ${key}, ${column}: expected ${expected[column]}, found ${found[column]}`,
    ),
  );
  const more = differenceCount - differences.length;
  return [
    `Not equal: ${differenceCount === 1 ? "1 row differs" : `${differenceCount} rows differ`} (${seen}).`,
    ...rows,
    ...(more > 0 ? [`and ${more} more rows`] : []),
    ...older,
  ].join("\n");
}
