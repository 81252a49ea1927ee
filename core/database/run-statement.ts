import type { ClientBase, QueryResult, QueryResultRow } from "pg";
import { resultTypes } from "./result-types.ts";

/** A statement that is prepared once per connection, by its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/**
 * Runs a prepared statement. Rows contain bigints, UTC milliseconds and Buffers (`resultTypes`). Array parameters should
 * come from `binary-arrays.ts`.
 */
export function runStatement<Row extends QueryResultRow>(
  client: Pick<ClientBase, "query">,
  statement: Statement,
  values: readonly unknown[],
): Promise<QueryResult<Row>> {
  return client.query<Row>({ ...statement, values: [...values], types: resultTypes });
}
