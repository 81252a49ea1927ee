import { cutText, type InputFault } from "@tillcast/schemas";
import type { FastifyError } from "fastify";
import { asDatabaseUnavailable, databaseErrorCode } from "../database/database-errors.ts";
import { type AppError, appError, findAppError } from "../errors.ts";
import { InvalidInput } from "./validate-input.ts";

/** Problem details as RFC 9457 has them, with our code and fields beside its members. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly requestId: string;
  /** Where an input has several faults, each with its field. */
  readonly faults?: readonly InputFault[];
  readonly [field: string]: unknown;
}

/** The content type of problem details. */
export const problemContentType = "application/problem+json";

/** Only so many faults are told of one input. */
const faultsMax = 50;

/** What an error's sentence may need of the request that caused it. */
export interface FailedRequest {
  readonly id: string;
  readonly contentType: string;
  /** The limit that held for its body. */
  readonly bodyMaxBytes: number;
}

/** Turns whatever was thrown into an error of the table; unknown ones become `internal`. */
export function toAppError(error: unknown, request: FailedRequest): AppError {
  const known =
    findAppError(error) ??
    asDatabaseUnavailable(error) ??
    asUnstorable(error) ??
    fromFastify(error, request);
  if (known !== undefined) return known;
  return appError("internal", { reason: `request ${request.id} is in the log` }, { cause: error });
}

/** Writes an error as problem details. Fields of internal errors stay inside. */
export function toProblem(error: AppError, requestId: string): ProblemDetails {
  const isInternal = error.status === 500;
  return {
    ...(isInternal ? {} : boundFields(error.fields)),
    type: `urn:tillcast:problem:${error.code}`,
    title: error.title,
    status: error.status,
    detail: isInternal
      ? `Something failed inside; request ${requestId} is in the log.`
      : boundText(error.message),
    code: error.code,
    requestId,
  };
}

/** Longest sentence of an answer. What is echoed in it is cut where it is quoted; this catches the rest. */
const sentenceMaxLength = 600;

const boundText = (text: string): string =>
  text.length <= sentenceMaxLength ? text : `${text.slice(0, sentenceMaxLength).toWellFormed()}…`;

const boundFields = (fields: AppError["fields"]): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "string" ? boundText(value) : value,
    ]),
  );

/** PostgreSQL holds every character but NUL, which a caller's text brought to a statement. */
function asUnstorable(error: unknown): AppError | undefined {
  if (databaseErrorCode(error) !== "22021") return undefined;
  return appError("badRequest", { reason: "a text in it has a NUL character" }, { cause: error });
}

/** The framework's own errors, by their codes. */
function fromFastify(error: unknown, request: FailedRequest): AppError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof InvalidInput) return fromValidation(error);
  const { code, statusCode } = error as FastifyError;
  const options = { cause: error };
  switch (code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
      return appError(
        "tooLarge",
        { what: "The body", limit: `${request.bodyMaxBytes} bytes` },
        options,
      );
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
      return appError(
        "unsupportedMediaType",
        { contentType: cutText(request.contentType), reason: "bodies are JSON" },
        options,
      );
    case "FST_ERR_BAD_URL":
      return appError("badRequest", { reason: "the address is not UTF-8 text" }, options);
    case "FST_ERR_CTP_EMPTY_JSON_BODY":
      return appError(
        "badRequest",
        { reason: "the body is empty where JSON is expected" },
        options,
      );
  }
  if (statusCode === 429) {
    return appError("tooManyRequests", { limit: "requests", retryAfterSeconds: 1 }, options);
  }
  if (statusCode === undefined || statusCode < 400 || statusCode >= 500) return undefined;
  return appError("badRequest", { reason: error.message }, options);
}

function fromValidation(error: InvalidInput): AppError {
  const faults = error.faults().slice(0, faultsMax);
  const [first] = faults;
  return appError("validationFailed", { ...first, faults }, { cause: error });
}
