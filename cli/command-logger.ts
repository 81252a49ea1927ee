import { type Logger, makeLogger, readSettings } from "@tillcast/core";
import pino from "pino";
import { installationSettings } from "./settings.ts";

/** A logger on standard error, so that standard output carries only answers. */
export function commandLogger(name: string): Logger {
  const { LOG_LEVEL } = installationSettings;
  const level = readSettings({ LOG_LEVEL }, process.env).LOG_LEVEL;
  return makeLogger({ level, name, destination: pino.destination(process.stderr.fd) });
}
