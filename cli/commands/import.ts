import { tenantOfStore } from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import type { Database } from "@tillcast/core/database";
import {
  type Encoding,
  encodings,
  type ImportResult,
  importFiles,
  listProfiles,
  type Overlap,
  type RowFault,
} from "@tillcast/ingest";
import { currencyExponent, formatMinor, type Numbering } from "@tillcast/schemas";
import { type Command, InvalidArgumentError, Option } from "commander";
import { readId } from "../arguments.ts";
import { type ActionContext, type ActionResult, example, jsonOption } from "../run-action.ts";
import { type ChangeContext, runChange } from "../run-change.ts";
import { keepCounting } from "../runtime/counting.ts";
import { openInstallation } from "../runtime/installation.ts";

/** More bad rows than this are only counted: a wrong profile makes every row one. */
const rowsShownMax = 1_000;
/** More notes than this are only counted. */
const notesShownMax = 100;

/** Reading the files is the longer part. */
const readingShare = 0.7;

interface ImportOptions {
  readonly store: string;
  readonly profile: string;
  readonly encoding?: Encoding;
  readonly decimal?: "." | ",";
  readonly dates?: "dmy" | "mdy";
  readonly time?: number;
  readonly numbering?: Exclude<Numbering, "unknown">;
  readonly replaces?: boolean;
  readonly differentSales?: boolean;
}

export default function addImport(program: Command): void {
  program
    .command("import")
    .description("import files of a store's past sales; importing them again changes nothing")
    .argument("<path...>", "files, or one folder of them")
    .requiredOption("--store <id>", "whose sales they are", readId)
    .requiredOption("--profile <name>", "how the files are laid out; see docs/import.md")
    .addOption(choice("--encoding <name>", "how the files are encoded; default UTF-8", encodings))
    .addOption(
      choice("--decimal <mark>", "mark before the decimals; default: as the files show", [
        "point",
        "comma",
      ]).argParser((text) => readWord("--decimal", text, { point: ".", comma: "," })),
    )
    .addOption(
      choice("--dates <order>", "order of day and month; default: as the files show", [
        "dmy",
        "mdy",
      ]),
    )
    .option("--time <HH:MM>", "time of days that have none; default: they are refused", readMinute)
    .addOption(
      choice(
        "--numbering <how>",
        "how order numbers repeat; stays set for later imports",
        Object.keys(numberings),
      ).argParser((text) => readWord("--numbering", text, numberings)),
    )
    .option(
      "--replaces",
      "take back what earlier files had within these files' dates and these have not",
    )
    .option(
      "--different-sales",
      "count these sales beside those that another feed has on the same dates",
    )
    .addOption(jsonOption())
    .addHelpText("after", example("import --store S --profile generic sales-2025.csv"))
    .action((paths: string[], options: ImportOptions, command: Command) =>
      runChange(command, (context) => importSales(paths, options, context)),
    );
}

const numberings = {
  unique: "unique",
  "per-register": "per_register",
  "per-day": "per_day",
  "per-register-and-day": "per_register_and_day",
} as const;

const choice = (flags: string, description: string, words: readonly string[]): Option =>
  new Option(flags, `${description} (${words.join(", ")})`).choices([...words]);

/** The meaning of one of several words. */
function readWord<Meaning>(
  option: string,
  text: string,
  meanings: Readonly<Record<string, Meaning>>,
): Meaning {
  const meaning = Object.hasOwn(meanings, text) ? meanings[text] : undefined;
  if (meaning !== undefined) return meaning;
  const words = Object.keys(meanings).join(", ");
  throw new InvalidArgumentError(`${option} must be one of ${words}.`);
}

/** A time of day such as 12:00, in milliseconds since midnight. */
function readMinute(text: string): number {
  const [, hour, minute] = /^(\d{2}):(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59) {
    throw new InvalidArgumentError("It must be a time of day such as 12:00.");
  }
  return (Number(hour) * 60 + Number(minute)) * 60_000;
}

async function importSales(
  paths: readonly string[],
  options: ImportOptions,
  { scope, log, progress, signal, say, asked }: ChangeContext,
): Promise<ActionResult> {
  const { store: storeId, profile } = options;
  await requireProfile(profile);
  const installation = await openInstallation({ scope, log, role: "command" });
  const currency = await currencyOf(installation.database, storeId);
  await asked(installation.database.service, {
    tenantId: await tenantOfStore(installation.database.service, storeId),
    subject: storeId,
    detail: { profile, paths: paths.length },
  });
  await keepCounting(scope, installation);
  const badRows = shownUpTo(rowsShownMax, say);
  const notes = shownUpTo(notesShownMax, say);
  const result = await importFiles(installation, {
    storeId,
    profile,
    paths,
    signal,
    said: {
      encoding: options.encoding,
      decimal: options.decimal,
      dates: options.dates,
      timeOfDayMs: options.time,
    },
    numbering: options.numbering,
    replaces: options.replaces,
    differentSales: options.differentSales,
    onBadRow: (fault) => badRows.show(describe(fault)),
    onNote: (note) => notes.show(`Note: ${note}.`),
    onProgress: ({ step, share, orders }) =>
      progress.update(
        step === "reading" ? readingShare * share : readingShare + (1 - readingShare) * share,
        step === "reading" ? `${orders} orders read` : `counting ${orders} orders`,
      ),
  });
  badRows.end("bad rows");
  notes.end("notes");
  if (result.overlaps !== undefined) return refuseOverlaps(result, result.overlaps, say);
  const { accepted, duplicates, rejected } = result;
  const net = formatMinor(BigInt(result.net), currencyExponent(currency) ?? 0);
  return {
    // What was rejected is not counted, and a script must not take the sum for whole.
    ok: rejected === 0,
    result: { ...result },
    text: `${accepted} orders accepted and counted, ${duplicates} known already, ${rejected} rejected; net of the good ones ${net} ${currency}`,
  };
}

function refuseOverlaps(
  result: ImportResult,
  overlaps: readonly Overlap[],
  say: ActionContext["say"],
): ActionResult {
  for (const { businessDate, feed, orders } of overlaps.slice(0, rowsShownMax)) {
    say(`${businessDate}: ${orders} orders of ${feed}`);
  }
  if (overlaps.length > rowsShownMax) say(`and ${overlaps.length - rowsShownMax} more`);
  return {
    ok: false,
    result: { ...result },
    text: "Nothing was imported: on these dates the store has sales of another feed, and the same bills would count twice. Say which feed is the authority for which dates, or --different-sales where these are other sales.",
  };
}

/** Says the first lines of many, and in the end how many more there were. */
function shownUpTo(max: number, say: ActionContext["say"]) {
  let count = 0;
  return {
    show(line: string): void {
      count += 1;
      if (count <= max) say(line);
    },
    end(what: string): void {
      if (count > max) say(`and ${count - max} more ${what}`);
    },
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
