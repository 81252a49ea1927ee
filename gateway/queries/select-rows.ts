import { resultTypes, type Transaction } from "@tillcast/core/database";

/** A value as the driver takes it; arrays come ready from `core/database/binary-arrays.ts`. */
export type Parameter = string | number | boolean | Date | Buffer | null;

/**
 * Runs one statement and answers its rows, with int8 as bigint, timestamptz as UTC milliseconds, date
 * as `YYYY-MM-DD`.
 */
export async function selectRows<Row extends object>(
  tx: Transaction,
  statement: string,
  values: readonly Parameter[],
): Promise<Row[]> {
  const result = await tx.query<Row>({
    text: statement,
    values: [...values],
    types: resultTypes,
  });
  return result.rows;
}
