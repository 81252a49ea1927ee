import { type AppError, AppError as AppErrorClass, appError } from "@tillcast/core";
import { asDatabaseUnavailable } from "@tillcast/core/database";

/** Retry-After while the database or the log is unavailable. A restart of the database takes a few seconds. */
export const UNAVAILABLE_RETRY_SECONDS = 2;

/** Turns an error of the event log into one that tells the caller to send the orders again. */
export function asLogUnavailable(error: unknown): AppError {
  if (error instanceof AppErrorClass) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return appError(
    "logUnavailable",
    { reason, retryAfterSeconds: UNAVAILABLE_RETRY_SECONDS },
    { cause: error },
  );
}

/** Turns a lost database connection into `databaseUnavailable`. Other errors are not changed. */
export function asUnavailable(error: unknown): unknown {
  if (isPoolEnded(error)) {
    return appError(
      "databaseUnavailable",
      { reason: "it is closing", retryAfterSeconds: UNAVAILABLE_RETRY_SECONDS },
      { cause: error },
    );
  }
  return asDatabaseUnavailable(error) ?? error;
}

function isPoolEnded(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Cannot use a pool after calling end");
}
