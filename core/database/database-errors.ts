import { type AppError, appError } from "../errors.ts";

/** SQLSTATE of PostgreSQL's error, or Node's code of a socket error. */
export function databaseErrorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

const retryableCodes = new Set([
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "55P03", // lock_not_available
]);

/** True if the transaction may succeed when it runs again from its start. */
export function isRetryableConflict(error: unknown): boolean {
  return retryableCodes.has(databaseErrorCode(error) ?? "");
}

/** Codes that only a record's own content causes, here or in the server. */
const dataFaultCodes = new Set([
  "22003", // numeric_value_out_of_range
  "22007", // invalid_datetime_format
  "22008", // datetime_field_overflow
  "22021", // character_not_in_repertoire
  "22P02", // invalid_text_representation
  "22P05", // untranslatable_character
  "AVRO_AMOUNT", // an amount that Avro's bytes cannot hold
  "COLUMN_VALUE", // a value that a column cannot hold
]);

/**
 * True if the record itself is at fault and fails the same way again: a number, an instant or a text that no column can
 * store. Endless retries would stop its partition. A violated constraint does not count, because a newer migration or
 * our own error may violate it for every record.
 */
export const isDataFault = (error: unknown): error is Error =>
  error instanceof Error && dataFaultCodes.has(databaseErrorCode(error) ?? "");

/** An error for a value that no column of its type can store. */
export class ColumnValueError extends RangeError {
  readonly code = "COLUMN_VALUE";
}

const exhausted =
  /call stack size exceeded|allocation failed|invalid string length|invalid array length|out of memory/i;

/** True if this process ran out of memory or stack, which is no fault of the record. */
export const isExhausted = (error: unknown): boolean =>
  error instanceof Error &&
  (databaseErrorCode(error) === "ERR_MEMORY_ALLOCATION_FAILED" ||
    databaseErrorCode(error) === "ERR_BUFFER_TOO_LARGE" ||
    (error instanceof RangeError && exhausted.test(error.message)));

const unavailableCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "57014", // query_canceled: it took longer than the limit of its pool
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "25006", // read_only_sql_transaction: a replica that is not the primary yet
  "58030", // io_error
]);

/** The driver's message for a statement without an answer in time. */
const unanswered = "Query read timeout";

/** True if a connection did not answer, so that it cannot be used any more. */
export const isUnanswered = (error: unknown): error is Error =>
  error instanceof Error && error.message === unanswered;

/** The driver's messages, without a code, for a lost connection or a full pool. */
const unreachableMessages = [
  "Connection terminated",
  "timeout exceeded when trying to connect",
  unanswered,
  "timeout expired",
  "Client has encountered a connection error",
  "Client was closed and is not queryable",
];

/** SQLSTATE classes for connection errors and exhausted resources (disk, memory, connections). */
const unavailableClasses = ["08", "53"];

/** True if the database is unreachable, was lost or has no room. Such errors pass by themselves. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnavailable);
  const code = databaseErrorCode(error);
  if (code !== undefined)
    return unavailableCodes.has(code) || unavailableClasses.includes(code.slice(0, 2));
  return unreachableMessages.some((message) => error.message.startsWith(message));
}

/** What a caller is told instead of a number that only the operator would look up. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["53100", "its disk is full"],
  ["53200", "it is out of memory"],
  ["53300", "it has no connection left"],
  ["57014", "it took too long; ask for less at once"],
  ["25006", "it is a replica that takes no writes"],
]);

/** Wraps a database that is away or has no room as `databaseUnavailable`; answers undefined for any other error. */
export function asDatabaseUnavailable(error: unknown): AppError | undefined {
  if (!isDatabaseUnavailable(error)) return undefined;
  const code = databaseErrorCode(error);
  const reason = reasons.get(code ?? "") ?? code ?? (error as Error).message;
  return appError("databaseUnavailable", { reason }, { cause: error });
}
