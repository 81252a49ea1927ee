import { type Balance, beginTally, isEven, loadBalance } from "@tillcast/proofs";
import type { Command } from "commander";
import { example, jsonOption } from "../run-action.ts";
import { type ChangeContext, type ChangeResult, runChange } from "../run-change.ts";
import { openInstallation } from "../runtime/installation.ts";
import { table } from "../table.ts";

export default function addBalance(program: Command): void {
  program
    .command("balance")
    .description("say where every accepted order is, and whether any is unaccounted for")
    .option("--begin-anew", "count from here on, once a difference is explained and put right")
    .addOption(jsonOption())
    .addHelpText("after", example("balance", "balance --begin-anew"))
    .action(({ beginAnew = false }: { beginAnew?: boolean }, command: Command) =>
      runChange(command, (context) => balance(beginAnew, context)),
    );
}

async function balance(
  beginAnew: boolean,
  { scope, log, say, asked }: ChangeContext,
): Promise<ChangeResult> {
  const { database, eventLog } = await openInstallation({ scope, log, role: "command" });
  const found = await loadBalance(database.service, eventLog);
  const ok = found.partitions.every(isEven);
  const text = describe(found);
  if (!beginAnew) return { ok, isRead: true, result: { balanced: ok, begun: 0, ...found }, text };
  say(text);
  await asked(database.service, { tenantId: null, subject: "balance" });
  const begun = await beginTally(database.service);
  const uneven = found.partitions.filter((one) => !isEven(one));
  log.warn({ begun, uneven }, "the balance of orders begins anew");
  return {
    ok: true,
    result: { balanced: ok, begun, ...found },
    text: `The balance begins anew where the ledger stands, in ${begun} partitions.`,
  };
}

function describe({ partitions, parked, nameConflicts }: Balance): string {
  const rows = partitions
    .filter((one) => one.accepted > 0n || !isEven(one))
    .map((one) => {
      const { accepted, settled, deadLetters, waiting, difference, lost } = one;
      const counts = [accepted, settled, deadLetters, waiting, difference, lost].map(String);
      return [`${one.topic}/${one.partition}`, ...counts];
    });
  const heading = [
    "partition",
    "accepted",
    "settled",
    "set aside",
    "waiting",
    "difference",
    "lost",
  ];
  const found = rows.length === 0 ? "No order was accepted yet." : table(heading, rows);
  return `${found}\n${parked} orders are parked, ${nameConflicts} wait for a decision about their number.`;
}
