/** One row that does not equal what it is made of. */
export interface Difference {
  readonly table: string;
  /** The row's key, readable. */
  readonly key: string;
  /** Column by column where the two differ; an absent row has the value 0 everywhere. */
  readonly expected: Readonly<Record<string, string>>;
  readonly found: Readonly<Record<string, string>>;
}

/** Most differences that are named; all are counted. */
export const differencesNamedMax = 200;

/** Collects differences, naming at most `differencesNamedMax`. */
export interface Differences {
  add(difference: Difference): void;
  readonly count: number;
  readonly named: readonly Difference[];
}

export function makeDifferences(): Differences {
  const named: Difference[] = [];
  let count = 0;
  return {
    add: (difference) => {
      count += 1;
      if (named.length < differencesNamedMax) named.push(difference);
    },
    get count() {
      return count;
    },
    named,
  };
}

/** A row's columns as text. */
export type Texts = Readonly<Record<string, string>>;

/** What a row that is there holds: amounts, and texts that say whose it is. */
export interface FoundRow {
  readonly amounts: Readonly<Record<string, bigint>>;
  readonly texts: Texts;
}

/** Rows by their key, each with its amounts by column. */
export type Rows = ReadonlyMap<string, Readonly<Record<string, bigint>>>;
export type FoundRows = ReadonlyMap<string, FoundRow>;

/**
 * Compares two sets of rows; a missing row equals one of zeros. Every row that is there, even one of zeros,
 * must have the `texts`, such as its tenant.
 */
export function compareRows(
  table: string,
  expected: Rows,
  found: FoundRows,
  differences: Differences,
  texts: Texts = {},
): void {
  for (const key of new Set([...expected.keys(), ...found.keys()])) {
    const row = found.get(key);
    const wanted = { ...zeros(row?.amounts), ...expected.get(key) };
    const present = { ...zeros(expected.get(key)), ...row?.amounts };
    const whose = row === undefined ? {} : texts;
    compareTexts(
      table,
      key,
      { ...asTexts(wanted), ...whose },
      { ...asTexts(present), ...row?.texts },
      differences,
    );
  }
}

type Amounts = Readonly<Record<string, bigint>>;

const zeros = (amounts: Amounts = {}): Amounts =>
  Object.fromEntries(Object.keys(amounts).map((column) => [column, 0n]));

const asTexts = (amounts: Amounts): Texts =>
  Object.fromEntries(Object.entries(amounts).map(([column, amount]) => [column, String(amount)]));

/** Said of a column that one side has not. */
export const absent = "absent";

/** Compares two rows column by column, and names the columns that differ. */
export function compareTexts(
  table: string,
  key: string,
  expected: Texts,
  found: Texts,
  differences: Differences,
): void {
  const columns = [...new Set([...Object.keys(expected), ...Object.keys(found)])].filter(
    (column) => expected[column] !== found[column],
  );
  if (columns.length === 0) return;
  const pick = (row: Texts) =>
    Object.fromEntries(columns.map((column) => [column, row[column] ?? absent]));
  differences.add({ table, key, expected: pick(expected), found: pick(found) });
}

/** Adds `values` to the row under `key`. */
export function addToRow(
  rows: Map<string, Record<string, bigint>>,
  key: string,
  values: Readonly<Record<string, bigint>>,
): void {
  const row = rows.get(key) ?? {};
  for (const [column, value] of Object.entries(values)) row[column] = (row[column] ?? 0n) + value;
  rows.set(key, row);
}
