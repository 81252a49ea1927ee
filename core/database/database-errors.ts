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

/** True when the same transaction may succeed if it is run again from its beginning. */
export function isRetryableConflict(error: unknown): boolean {
  return retryableCodes.has(databaseErrorCode(error) ?? "");
}

/** Codes that only the record's own content brings about, here or at the server. */
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
 * True when the record itself is at fault, so that it fails the same way again: a number, an instant or a
 * text that neither bytes nor columns can hold. Tried again for ever it would stop its partition. A broken
 * constraint is none: a newer migration, or a fault of ours, breaks it for every record.
 */
export const isDataFault = (error: unknown): error is Error =>
  error instanceof Error && dataFaultCodes.has(databaseErrorCode(error) ?? "");

/** A value that no column of its type can hold: a fault of the value itself. */
export class ColumnValueError extends RangeError {
  readonly code = "COLUMN_VALUE";
}

const exhausted =
  /call stack size exceeded|allocation failed|invalid string length|invalid array length|out of memory/i;

/** True when this process ran out of memory or stack, which says nothing about the record in hand. */
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

/** What the driver says of a statement that the server has not answered in time. */
const unanswered = "Query read timeout";

/** True when a connection stayed silent, so that nothing further can be asked on it. */
export const isUnanswered = (error: unknown): error is Error =>
  error instanceof Error && error.message === unanswered;

/** What the driver says, without a code, when a connection is lost or none was free in time. */
const unreachableMessages = [
  "Connection terminated",
  "timeout exceeded when trying to connect",
  unanswered,
  "timeout expired",
  "Client has encountered a connection error",
  "Client was closed and is not queryable",
];

/** Classes of SQLSTATE: connection exceptions, and resources that ran out (disk, memory, connections). */
const unavailableClasses = ["08", "53"];

/** True when the database could not be reached, went away or has no room: what passes without our doing. */
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
