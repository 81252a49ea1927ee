import { int8Array } from "@tillcast/core";
import { measures } from "@tillcast/schemas";

/** `gross, discount, ...`: the measure columns as SQL names them. */
export const measureColumns: string = measures.join(", ");

/** `$8::bigint[], $9::bigint[], ...`: one parameter per measure, from `first` on. */
export const measureParameters = (first: number): string =>
  measures.map((_, index) => `$${first + index}::bigint[]`).join(", ");

/** `gross = r.gross + excluded.gross, ...`: adds the new amounts to the row `table` has. */
export const addMeasures = (table: string): string =>
  measures.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(", ");

/** The measures of many rows as binary arrays, column after column. */
export const measureArrays = (rows: readonly { readonly values: readonly bigint[] }[]): Buffer[] =>
  measures.map((_, index) => int8Array(rows.map((row) => row.values[index] ?? 0n)));
