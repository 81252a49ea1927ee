/** Every error that Tillcast raises on purpose: one table of codes, one class. */

import { protocolErrors } from "./protocol-errors.ts";

/** What the table says about one code. */
export interface ErrorRow {
  /** The HTTP status that a caller sees. */
  readonly status: number;
  /** A short name of the kind of error, the same for every occurrence. */
  readonly title: string;
  /** The sentence for one occurrence; `{name}` is filled from the error's fields. */
  readonly template: string;
  /** True when the same input fails the same way each time, so that a retry is pointless. */
  readonly deterministic?: boolean;
}

/** The codes that callers may rely on. */
export type ErrorCode =
  | "badRequest"
  | "validationFailed"
  | "unauthenticated"
  | "forbidden"
  | "notFound"
  | "conflict"
  | "tooLarge"
  | "unsupportedMediaType"
  | "tooManyRequests"
  | "overloaded"
  | "databaseUnavailable"
  | "logUnavailable"
  | "checkpointMoved"
  | "topicChanged"
  | "checkpointBeyondEnd"
  | "checkpointBelowStart"
  | "topicUnfit"
  | "schemaRefused"
  | "schemaUnreadable"
  | "schemaMissing"
  | "shapeNotTurned"
  | "tooManySetAside"
  | "archiveMissing"
  | "damaged"
  | "headMoved"
  | "undecodable"
  | "configInvalid"
  | "migrationUnknown"
  | "migrationBlocked"
  | "chunksReachable"
  | "embeddedDatabaseFailed"
  | "forecastNotFinite"
  | "internal"
  | keyof typeof protocolErrors;

/** One row per code; `docs/errors.md` holds the same rows. */
export const errorTable: Readonly<Record<ErrorCode, ErrorRow>> = {
  ...protocolErrors,
  badRequest: {
    status: 400,
    title: "Bad request",
    template: "The request cannot be read: {reason}.",
    deterministic: true,
  },
  validationFailed: {
    status: 422,
    title: "Validation failed",
    template: "{field}: {reason}.",
    deterministic: true,
  },
  unauthenticated: {
    status: 401,
    title: "Not signed in",
    template: "The request carries no valid credentials: {reason}.",
  },
  forbidden: {
    status: 403,
    title: "Not allowed",
    template: "The credentials do not allow this: {reason}.",
  },
  notFound: { status: 404, title: "Not found", template: "There is no {what} here." },
  conflict: {
    status: 409,
    title: "Conflict",
    template: "The present state forbids this: {reason}.",
  },
  tooLarge: {
    status: 413,
    title: "Too large",
    template: "{what} is larger than the limit of {limit}.",
    deterministic: true,
  },
  unsupportedMediaType: {
    status: 415,
    title: "Unsupported media type",
    template: "The content type {contentType} is not understood here: {reason}.",
    deterministic: true,
  },
  tooManyRequests: {
    status: 429,
    title: "Too many requests",
    template: "The limit of {limit} is used up; try again in {retryAfterSeconds} s.",
  },
  overloaded: {
    status: 503,
    title: "Overloaded",
    template: "{what} is full at present; try again in {retryAfterSeconds} s.",
  },
  databaseUnavailable: {
    status: 503,
    title: "Database unavailable",
    template: "The database cannot be used at present: {reason}.",
  },
  logUnavailable: {
    status: 503,
    title: "Event log unavailable",
    template: "The event log cannot be reached: {reason}.",
  },
  checkpointMoved: {
    status: 409,
    title: "Checkpoint moved",
    template:
      "The checkpoint of {group} on {topic}/{partition} is not at {expected}; another member has moved it.",
  },
  topicChanged: {
    status: 409,
    title: "Topic changed",
    template:
      "The checkpoint of {group} on {topic}/{partition} belongs to another topic of that name; see docs/runbook.md.",
  },
  checkpointBeyondEnd: {
    status: 409,
    title: "Checkpoint beyond the end",
    template:
      "The checkpoint of {group} on {topic}/{partition} is at {position}, beyond the log's end at {end}; see docs/runbook.md.",
  },
  checkpointBelowStart: {
    status: 409,
    title: "Checkpoint below the start",
    template:
      "The checkpoint of {group} on {topic}/{partition} is at {position}, below the log's start at {start}; see docs/runbook.md.",
  },
  topicUnfit: {
    status: 500,
    title: "Topic unfit",
    template: "The topic {topic} cannot be used: {reason}.",
    deterministic: true,
  },
  schemaRefused: {
    status: 500,
    title: "Schema refused",
    template: "The schema registry refuses {subject}: {reason}.",
    deterministic: true,
  },
  schemaUnreadable: {
    status: 500,
    title: "Schema unreadable",
    template:
      "Records of {topic} wait: this release cannot read {schema} ({reason}); see docs/runbook.md.",
  },
  schemaMissing: {
    status: 500,
    title: "Schema missing",
    template: "Records of {topic} wait: nobody has registered {schema}; see docs/runbook.md.",
  },
  shapeNotTurned: {
    status: 409,
    title: "Shape not turned",
    template:
      "{field} cannot be written to {topic} while a process of the release before may read it; see `tillcast log shape`.",
  },
  tooManySetAside: {
    status: 500,
    title: "Too many set aside",
    template:
      "{setAside} of the last {of} records of {topic}/{partition} would be set aside for {group}, more than {limit}: {reason}; see docs/runbook.md.",
  },
  archiveMissing: {
    status: 409,
    title: "Archive base missing",
    template:
      "The log cannot rebuild the tables by itself: {reason}, and no archive base covers what is missing; see docs/runbook.md.",
  },
  damaged: {
    status: 422,
    title: "Damaged",
    template: "{file} cannot be used: {reason}.",
    deterministic: true,
  },
  headMoved: {
    status: 409,
    title: "Order head moved",
    template:
      "{missing} of {sent} order heads were changed by another writer since they were read.",
  },
  undecodable: {
    status: 422,
    title: "Undecodable",
    template: "{what} cannot be decoded: {reason}.",
    deterministic: true,
  },
  configInvalid: {
    status: 500,
    title: "Settings invalid",
    template: "The settings have faults: {faults}.",
    deterministic: true,
  },
  migrationUnknown: {
    status: 500,
    title: "Migration unknown",
    template: "The database's migrations do not fit this version: {reason}.",
    deterministic: true,
  },
  migrationBlocked: {
    status: 503,
    title: "Migration blocked",
    template:
      "Migration {name} waited {seconds} s for a lock that others hold ({holders}). Nothing was changed; end them or start again when there is less traffic.",
  },
  chunksReachable: {
    status: 500,
    title: "Chunks reachable",
    template:
      "Tenants could read each other's rows by way of chunks in the schema {schemas}; see docs/timescaledb.md.",
  },
  embeddedDatabaseFailed: {
    status: 500,
    title: "Embedded database failed",
    template: "The embedded PostgreSQL did not start: {reason}.",
  },
  forecastNotFinite: {
    status: 500,
    title: "Forecast not finite",
    template: "{what} holds numbers that are not finite; it is not used.",
    deterministic: true,
  },
  internal: {
    status: 500,
    title: "Internal error",
    template: "Something failed inside: {reason}.",
  },
};

/** Values that fill an error's sentence and travel to the caller. */
export type ErrorFields = Readonly<Record<string, unknown>>;

/** The one error class; `code` says what happened, `fields` say where. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly title: string;
  readonly fields: ErrorFields;
  /** True when the same input would fail the same way again. */
  readonly deterministic: boolean;

  constructor(code: ErrorCode, fields: ErrorFields = {}, options?: ErrorOptions) {
    const row = errorTable[code];
    super(fillTemplate(row.template, fields), options);
    this.name = "AppError";
    this.code = code;
    this.status = row.status;
    this.title = row.title;
    this.fields = fields;
    this.deterministic = row.deterministic ?? false;
  }
}

/** Makes an error from the table, for example `appError("notFound", { what: "store" })`. */
export function appError(
  code: ErrorCode,
  fields: ErrorFields = {},
  options?: ErrorOptions,
): AppError {
  return new AppError(code, fields, options);
}

/** Walks an error and its causes to the first `AppError`, or answers undefined. */
export function findAppError(error: unknown): AppError | undefined {
  const causesMax = 10;
  let current = error;
  for (let depth = 0; depth < causesMax && current instanceof Error; depth += 1) {
    if (current instanceof AppError) return current;
    current = current.cause;
  }
  return undefined;
}

function fillTemplate(template: string, fields: ErrorFields): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = fields[name];
    if (value === undefined) return "unknown";
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  });
}
