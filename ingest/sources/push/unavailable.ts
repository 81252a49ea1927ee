import { type AppError, AppError as AppErrorClass, appError } from "@tillcast/core";
import { asDatabaseUnavailable } from "@tillcast/core/database";

/** What a caller is told to wait while a part is away; a restart of the database takes a few seconds. */
export const UNAVAILABLE_RETRY_SECONDS = 2;

/** Turns a fault of the event log into one that a caller understands: try again, nothing was taken. */
export function asLogUnavailable(error: unknown): AppError {
  if (error instanceof AppErrorClass) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return appError(
    "logUnavailable",
    { reason, retryAfterSeconds: UNAVAILABLE_RETRY_SECONDS },
    { cause: error },
  );
}

/** Turns a lost database into `databaseUnavailable`; any other fault stays what it is. */
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
