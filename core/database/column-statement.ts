import pg, { type ClientBase, type QueryResult, type QueryResultRow } from "pg";
import { BindMessage } from "./bind-message.ts";
import type { Column } from "./columns.ts";
import { resultTypes } from "./result-types.ts";
import type { Statement } from "./run-statement.ts";

/** A prepared statement whose parameters are the columns of many rows. */
export interface ColumnStatement<Row> extends Statement {
  readonly columns: readonly Column<Row>[];
}

/**
 * Makes a statement from named columns. `text` gets them as a row source for `from`.
 *
 * The arrays are unnested in a select list. In `from`, PostgreSQL would first materialise every column (27 columns:
 * 2.9 µs per row there, 1.3 µs here).
 *
 * @example
 * columnStatement("add-seats", { id: uuidColumn((seat: Seat) => seat.id) }, (seats) =>
 *   `insert into seat (id) select id from ${seats}`)
 */
export function columnStatement<Row>(
  name: string,
  columns: Readonly<Record<string, Column<Row>>>,
  text: (source: string) => string,
): ColumnStatement<Row> {
  const fields = Object.entries(columns).map(
    ([field, { type }], index) => `unnest($${index + 1}::${type}[]) as ${field}`,
  );
  return {
    name,
    text: text(`(select ${fields.join(", ")}) as source`),
    columns: Object.values(columns),
  };
}

/** Runs a statement on rows. Its results have the types of `runStatement`. */
export function runColumns<Row, Result extends QueryResultRow>(
  client: Pick<ClientBase, "query">,
  statement: ColumnStatement<Row>,
  rows: readonly Row[],
): Promise<QueryResult<Result>> {
  return new Promise((resolve, reject) => {
    const message = new BindMessage(lastBytes.get(statement.name));
    const query = new ColumnQuery(statement, encode(message, statement, rows));
    query.callback = (error, result) => {
      // After a broken connection the buffer may still be in use, so it is not released.
      if (error) return reject(error);
      message.release();
      resolve(result as QueryResult<Result>);
    };
    client.query(query);
  });
}

/** The length of each statement's last message, by name, as the expected length of the next. */
const lastBytes = new Map<string, number>();

function encode<Row>(
  message: BindMessage,
  { name, columns }: ColumnStatement<Row>,
  rows: readonly Row[],
): Buffer {
  message.begin(name, columns.length);
  for (const column of columns) column.write(message, rows);
  const bytes = message.end();
  lastBytes.set(name, bytes.length);
  return bytes;
}

/** Fields of the driver's query and connection that its types do not declare. */
interface DriverConnection {
  readonly stream: { write(bytes: Buffer): boolean };
  readonly submittedNamedStatements: Record<string, string>;
  parse(statement: { name: string; text: string }): void;
  describe(portal: { type: "P"; name: "" }): void;
}
interface DriverQuery {
  hasBeenParsed(connection: DriverConnection): boolean;
  _getRows(connection: DriverConnection, rows: undefined): void;
}

/** The driver's query with a prepared Bind message. */
class ColumnQuery extends pg.Query {
  declare callback: (error: Error | null, result: unknown) => void;
  readonly #statement: Statement;
  readonly #bind: Buffer;

  constructor(statement: Statement, bind: Buffer) {
    super({ name: statement.name, text: statement.text, types: resultTypes });
    this.#statement = statement;
    this.#bind = bind;
  }

  prepare(connection: DriverConnection): void {
    const { name, text } = this.#statement;
    const driver = this as unknown as DriverQuery;
    if (!driver.hasBeenParsed(connection)) {
      connection.parse({ name, text });
      connection.submittedNamedStatements[name] = text;
    }
    connection.stream.write(this.#bind);
    connection.describe({ type: "P", name: "" });
    driver._getRows(connection, undefined);
  }
}
