import { appError, type Database } from "@tillcast/core";
import { importFiles, listProfiles, type RowFault } from "@tillcast/ingest";
import { currencyExponent, formatMinor } from "@tillcast/schemas";
import type { Command } from "commander";
import { readId } from "../arguments.ts";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { keepCounting } from "../runtime/counting.ts";
import { openInstallation } from "../runtime/installation.ts";

/** More bad rows than this are only counted: a wrong profile makes every row one. */
const rowsShownMax = 1_000;

/** Reading the files is the longer part. */
const readingShare = 0.7;

interface ImportOptions {
  readonly store: string;
  readonly profile: string;
}

export default function addImport(program: Command): void {
  program
    .command("import")
    .description("import files of a store's past sales; importing them again changes nothing")
    .argument("<path...>", "files, or one folder of them")
    .requiredOption("--store <id>", "whose sales they are", readId)
    .requiredOption("--profile <name>", "how the files are laid out; see docs/import.md")
    .addOption(jsonOption())
    .addHelpText("after", example("import --store S --profile generic sales-2025.csv"))
    .action((paths: string[], options: ImportOptions, command: Command) =>
      runAction(command, (context) => importSales(paths, options, context)),
    );
}

async function importSales(
  paths: readonly string[],
  { store: storeId, profile }: ImportOptions,
  { scope, log, progress, signal, say }: ActionContext,
): Promise<ActionResult> {
  await requireProfile(profile);
  const installation = await openInstallation({ scope, log, role: "command" });
  const currency = await currencyOf(installation.database, storeId);
  await keepCounting(scope, installation);
  let badRows = 0;
  const result = await importFiles(installation, {
    storeId,
    profile,
    paths,
    signal,
    onBadRow: (fault) => {
      badRows += 1;
      if (badRows <= rowsShownMax) say(describe(fault));
    },
    onProgress: ({ step, share, orders }) =>
      progress.update(
        step === "reading" ? readingShare * share : readingShare + (1 - readingShare) * share,
        step === "reading" ? `${orders} orders read` : `counting ${orders} orders`,
      ),
  });
  if (badRows > rowsShownMax) say(`and ${badRows - rowsShownMax} more bad rows`);
  const { accepted, duplicates, rejected } = result;
  const net = formatMinor(BigInt(result.net), currencyExponent(currency) ?? 0);
  return {
    // A file whose every order is bad has the wrong profile, or is no file of sales.
    ok: accepted + duplicates > 0,
    result: { ...result },
    text: `${accepted} orders accepted and counted, ${duplicates} known already, ${rejected} rejected; net of the good ones ${net} ${currency}`,
  };
}

async function requireProfile(name: string): Promise<void> {
  const profiles = await listProfiles();
  if (profiles.some((profile) => profile.name === name)) return;
  const names = profiles.map((profile) => profile.name).join(", ");
  throw appError("validationFailed", {
    field: "--profile",
    reason: `there is no profile ${name}; there are ${names}`,
  });
}

async function currencyOf({ service }: Database, storeId: string): Promise<string> {
  const { rows } = await service.query<{ currency: string }>(
    "select currency from store where store_id = $1",
    [storeId],
  );
  if (rows[0] === undefined) throw appError("notFound", { what: `store ${storeId}` });
  return rows[0].currency;
}

function describe({ file, line, column, reason, orderId }: RowFault): string {
  const place = line === null ? file : `${file}:${line}`;
  const order = orderId === null ? "" : ` (order ${orderId})`;
  return `${place}: ${column} ${reason}${order}`;
}
