import { basename } from "node:path";
import { appError } from "@tillcast/core";
import { currencyExponent } from "@tillcast/schemas";
import { bytesOf, filesByColumns } from "../choose-files.ts";
import { genericColumns, neededColumns, numberColumns } from "../generic/columns.ts";
import { readRow } from "../generic/read-row.ts";
import type { ImportContext, ImportProfile, OpenedImport } from "../import-profile.ts";
import { makeConventionSurvey } from "../text/conventions.ts";
import { findHeader, readTable } from "../text/read-table.ts";
import type { Encoding } from "../text/read-text.ts";

const kinds = { rows: neededColumns } as const;

/** The documented CSV: one row per line of a bill; `docs/import.md` lists the columns. */
const generic: ImportProfile = {
  name: "generic",
  description: "One row per line of a bill, with the columns of docs/import.md.",
  async open(files, context) {
    const encoding = context.said?.encoding;
    const leftAlone: string[] = [];
    const chosen = await filesByColumns(files, kinds, encoding, (file) => leftAlone.push(file));
    for (const file of chosen.rows) await refuseTwice(file, encoding);
    const { found, notes } = await surveyFiles(chosen.rows, context);
    const rowContext = { ...context, conventions: found };
    return {
      faults: [],
      announced: [],
      notes: [...leftAlone.map((file) => `${file} has other columns and was left alone`), ...notes],
      bytes: await bytesOf(chosen.rows),
      async *rows(onBytes) {
        for (const file of chosen.rows) {
          const table = readTable(file, { columns: neededColumns, encoding, onBytes });
          for await (const row of table) yield readRow(row, rowContext);
        }
      },
    } satisfies OpenedImport;
  },
};

export default generic;

/** Two columns with one name are ambiguous. */
async function refuseTwice(file: string, encoding: Encoding | undefined): Promise<void> {
  const names = (await findHeader(file, neededColumns, encoding))?.names ?? [];
  const twice = genericColumns.find((column) => names.filter((name) => name === column).length > 1);
  if (twice === undefined) return;
  throw appError("badRequest", { reason: `the header of ${basename(file)} names ${twice} twice` });
}

/** Reads all cells once to find how the files write amounts and dates. */
async function surveyFiles(files: readonly string[], context: ImportContext) {
  const survey = makeConventionSurvey();
  for (const file of files) {
    const table = readTable(file, { columns: neededColumns, encoding: context.said?.encoding });
    for await (const row of table) {
      if (row.fault !== null) continue;
      const where = (column: string) => `${row.file}:${row.line} ${column}`;
      const code = row.get("currency") || context.currency;
      const currency = { code, exponent: currencyExponent(code) ?? context.exponent };
      for (const column of numberColumns) {
        if (row.get(column) !== "") survey.money(row.get(column), where(column), currency);
      }
      for (const column of ["opened_at", "date", "closed_at", "paid_at"]) {
        if (row.get(column) !== "") survey.time(row.get(column), where(column));
      }
    }
  }
  return survey.decide(context.said ?? {});
}
