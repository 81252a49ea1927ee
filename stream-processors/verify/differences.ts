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

/** Rows by their key, each with its values by column. */
export type Rows = ReadonlyMap<string, Readonly<Record<string, bigint>>>;

/** Compares two sets of rows; a missing row equals one of zeros. */
export function compareRows(
  table: string,
  expected: Rows,
  found: Rows,
  differences: Differences,
): void {
  for (const key of new Set([...expected.keys(), ...found.keys()])) {
    const wanted = expected.get(key) ?? {};
    const present = found.get(key) ?? {};
    const columns = [...new Set([...Object.keys(wanted), ...Object.keys(present)])].filter(
      (column) => (wanted[column] ?? 0n) !== (present[column] ?? 0n),
    );
    if (columns.length === 0) continue;
    const pick = (row: Readonly<Record<string, bigint>>) =>
      Object.fromEntries(columns.map((column) => [column, String(row[column] ?? 0n)]));
    differences.add({ table, key, expected: pick(wanted), found: pick(present) });
  }
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
