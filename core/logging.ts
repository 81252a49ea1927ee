import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import { activeTrace } from "./tracing/spans.ts";

/** A structured logger: `log.info({ storeId }, "window stored")`. */
export type Logger = PinoLogger;

/** Log levels, from the most detailed to the least. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** The lowest level to log. */
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** The part of the product that logs. */
  readonly name: string;
  /** The output. Default: standard output. */
  readonly destination?: DestinationStream;
}

/** Fields whose values are never logged. */
const secretPaths = [
  "authorization",
  "password",
  "token",
  "secret",
  "*.authorization",
  "*.password",
  "*.token",
  "*.secret",
  "req.headers.authorization",
  "req.headers.cookie",
];

/** Makes a logger that writes one JSON object per line, without secrets, and with the trace if there is one. */
export function makeLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level,
    name: options.name,
    redact: { paths: secretPaths, censor: "[redacted]" },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: traceFields,
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

function traceFields(): object {
  const trace = activeTrace();
  return trace === undefined ? {} : { traceId: trace.traceId };
}

/** A logger without output, for tests and for commands that print their own lines. */
export const silentLogger: Logger = pino({ level: "silent" });
