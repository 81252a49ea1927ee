import { pipeline } from "node:stream/promises";
import type { ClientBase, Submittable } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";

/**
 * Sends a COPY without the driver's query timeout. The driver clears that timer in a query's callback, which a
 * stream does not have, so the timer would fire later. The server's statement timeout still applies.
 */
function sendCopy<Stream extends Submittable>(client: ClientBase, stream: Stream): Stream {
  const { connectionParameters } = client as ClientBase & {
    readonly connectionParameters: { query_timeout: number };
  };
  const { query_timeout: answerLimitMs } = connectionParameters;
  connectionParameters.query_timeout = 0;
  try {
    return client.query(stream);
  } finally {
    connectionParameters.query_timeout = answerLimitMs;
  }
}

/** Reads all rows of a query in COPY's text format into memory. The caller makes sure that they are few. */
export async function copyOut(client: ClientBase, query: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of sendCopy(client, copyTo(`copy (${query}) to stdout`))) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Writes rows in COPY's text format into a table. */
export async function copyIn(
  client: ClientBase,
  target: { readonly table: string; readonly columns: readonly string[] },
  rows: Buffer,
): Promise<void> {
  const sql = `copy ${target.table} (${quoted(target.columns)}) from stdin`;
  await pipeline([rows], sendCopy(client, copyFrom(sql)));
}

/** Column names, quoted for SQL. */
export const quoted = (columns: readonly string[]): string =>
  columns.map((column) => `"${column}"`).join(", ");
