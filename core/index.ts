export {
  type Actor,
  type AuditFacts,
  audited,
  type Note,
  operatorActor,
  writeAuditEvent,
} from "./audit/audited.ts";
export { auditAction, currentOperator } from "./audit/operator-audit.ts";
export { type Clock, type ManualClock, makeManualClock, systemClock } from "./clock.ts";
export {
  defineSettings,
  describeSettings,
  readSettings,
  type Setting,
  type Settings,
  type SettingsDefinition,
  setting,
} from "./config.ts";
export { AppError, appError, findAppError } from "./errors.ts";
export {
  type FailPointAction,
  type FailPointEvent,
  type FailPointName,
  failPoint,
  failPointActions,
  failPointJournal,
  failPointNames,
} from "./fail-points.ts";
export { type Health, makeHealth, type Readiness } from "./health.ts";
export { openScope, Scope } from "./lifecycle.ts";
export { type Limiter, makeLimiter } from "./limiter.ts";
export { type Logger, logLevels, makeLogger, silentLogger } from "./logging.ts";
export { makeFileMail } from "./mail/file-mail.ts";
export type { MailPort } from "./mail/mail-port.ts";
export { makeSmtpMail } from "./mail/smtp-mail.ts";
export { type PauseLimits, pause, retryPauseMs } from "./pause.ts";
export { makePrivateFolder } from "./private-folder.ts";
export { loadSecretKey } from "./secrets.ts";
export { defineMetrics, type Metrics, type MetricsOf, makeMetrics } from "./telemetry.ts";
export {
  collectSpans,
  headersOf,
  inSpan,
  recordSpan,
  type Span,
  traceHeaders,
} from "./tracing/spans.ts";
export { startTracing } from "./tracing/start-tracing.ts";
export { parseTraceparent, type TraceContext } from "./tracing/trace-context.ts";
