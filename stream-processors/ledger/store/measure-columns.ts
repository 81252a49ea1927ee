import { type Column, sparseInt8Column } from "@tillcast/core/database";
import { measures } from "@tillcast/schemas";

/** `gross, discount, ...`: the measure columns as SQL names them. */
export const measureColumns: string = measures.join(", ");

/** One parameter per measure; a measure that is zero in every row is sent as one null. */
export const measureParameters = <Row>(
  valuesOf: (row: Row) => readonly bigint[],
): Readonly<Record<string, Column<Row>>> =>
  Object.fromEntries(
    measures.map((name, index) => [
      name,
      sparseInt8Column((row: Row) => valuesOf(row)[index] ?? 0n),
    ]),
  );

/** `coalesce(gross, 0), ...`: the parameters as values. */
export const measureValues: string = measures.map((name) => `coalesce(${name}, 0)`).join(", ");

/** `gross = r.gross + excluded.gross, ...`: adds the new amounts to the row `table` has. */
export const addMeasures = (table: string): string =>
  measures.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(", ");
