import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import { activeTrace } from "./tracing/spans.ts";

/** A structured logger: `log.info({ storeId }, "window stored")`. */
export type Logger = PinoLogger;

/** From the most to the least talkative. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** How much is logged. */
export type LogLevel = (typeof logLevels)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** The part of the product that speaks. */
  readonly name: string;
  /** Where lines go; standard output when absent. */
  readonly destination?: DestinationStream;
}

/** Names whose values never reach a log line. */
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

/** Makes a logger that writes one JSON object a line, with secrets struck out and the trace where there is one. */
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

/** A logger that says nothing; for tests and for commands that print their own lines. */
export const silentLogger: Logger = pino({ level: "silent" });
