/** A row that differs from its sources. */
export interface Difference {
  readonly table: string;
  /** The row's key, for people. */
  readonly key: string;
  /** The columns that differ. An absent row has the value 0 in every column. */
  readonly expected: Readonly<Record<string, string>>;
  readonly found: Readonly<Record<string, string>>;
}

/** Most differences that are listed. All are counted. */
export const differencesNamedMax = 200;

/** Collects differences and lists at most `differencesNamedMax`. */
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

/** The content of a row: amounts, and texts such as its tenant. */
export interface FoundRow {
  readonly amounts: Readonly<Record<string, bigint>>;
  readonly texts: Texts;
}

/** Rows by their key, each with its amounts by column. */
export type Rows = ReadonlyMap<string, Readonly<Record<string, bigint>>>;
export type FoundRows = ReadonlyMap<string, FoundRow>;

/**
 * Compares two sets of rows. A missing row equals a row of zeros. Every existing row must have the right `texts`, such
 * as its tenant.
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

/** The value of a column that one side lacks. */
export const absent = "absent";

/** Compares two rows and lists the columns that differ. */
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
